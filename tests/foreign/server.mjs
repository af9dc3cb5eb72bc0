// Runs dangold in a private folder, on a port of the kernel's choice.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const kReady = /^dangold listening on (\S+)$/;

async function readAddress(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const match = kReady.exec(line);
    if (match) return match[1];
  }
  throw new Error('dangold ended before it listened');
}

export async function startServer(program) {
  const folder = await mkdtemp(join(tmpdir(), 'dangol-foreign-'));
  const store = `--store=sqlite:${join(folder, 'dangol.db')}`;
  const child = spawn(program, ['--listen=127.0.0.1:0', store], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const address = await readAddress(child);
  return {
    address,
    // Returns the exit code of an orderly end.
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}
