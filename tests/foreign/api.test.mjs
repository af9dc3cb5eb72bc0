// A client that shares no code with the server works from what the server
// publishes: once from the .proto files, once from reflection alone.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import grpc from '@grpc/grpc-js';
import { Client, decodeStatus } from './client.mjs';
import { fromProtos, fromReflection, loadStandard } from './descriptors.mjs';
import { startServer } from './server.mjs';

let server;

before(async () => {
  assert.ok(process.env.DANGOLD, 'DANGOLD names the server to test');
  server = await startServer(process.env.DANGOLD);
});

after(async () => {
  if (server) assert.equal(await server.stop(), 0, 'SIGTERM ends the server in order');
});

async function refusal(promise) {
  return promise.then(
    () => assert.fail('the server accepted what it should refuse'),
    (error) => error,
  );
}

function fieldsOf(error) {
  return error.rich.BadRequest.field_violations.map((violation) => violation.field);
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + BigInt(number), 0n);
}

const kSources = [
  ['from the protos', () => fromProtos()],
  ['from reflection alone', () => fromReflection(server.address)],
];

kSources.forEach(([source, learn], index) => {
  describe(`a foreign client, ${source}`, () => {
    const card = { kind: 'card', value: `foreign-${index}` };
    const enrolment = { request_id: `enrol-${index}`, aliases: [card], attributes: { city: '서울' } };
    let client;
    let memberId;

    const purchase = (id, changes = {}) => ({
      purchase_id: `foreign-${index}-${id}`,
      member: { alias: card },
      currency: 'KRW',
      channel: 'web',
      store_id: 'gangnam',
      lines: [
        { sku: 'beans-1kg', category: 'coffee', quantity: 2, amount_minor: 48000 },
        { sku: 'filter', category: 'accessories', quantity: 1, amount_minor: 7000 },
      ],
      ...changes,
    });
    const record = (id, changes) =>
      client.call('PurchaseService', 'RecordPurchase', { purchase: purchase(id, changes) });
    const balance = () =>
      client.call('PointsService', 'GetBalance', { member: { member_id: memberId } });

    before(async () => {
      client = new Client(await learn(), server.address);
    });

    after(() => client.close());

    it('enrols a member, once', async () => {
      const first = await client.call('MemberService', 'EnrollMember', enrolment);
      const second = await client.call('MemberService', 'EnrollMember', enrolment);
      assert.equal(first.replayed, false);
      assert.equal(first.member.status, 'MEMBER_STATUS_ACTIVE');
      assert.equal(first.member.attributes.city, '서울');
      assert.deepEqual(second, { ...first, replayed: true });
      memberId = first.member.member_id;
    });

    it('records a purchase, and gets the same reply for the same call', async () => {
      const bought = { occurred_at: { seconds: Math.floor(Date.now() / 1000) - 60, nanos: 0 } };
      const first = await record('a', bought);
      const second = await record('a', bought);
      assert.equal(first.replayed, false);
      assert.equal(first.outcome.member_id, memberId);
      assert.equal(first.outcome.total_minor, '55000');
      assert.ok(sum(first.outcome.earned.map((earned) => earned.points)) > 0n);
      assert.deepEqual(second, { ...first, replayed: true });
    });

    it('reads the balance that the purchase left', async () => {
      const { outcome } = await record('b');
      const { wallets } = await balance();
      for (const expected of outcome.balances) {
        const wallet = wallets.find((one) => one.wallet === expected.wallet);
        assert.equal(wallet.pending, expected.pending);
        assert.equal(wallet.available, expected.available);
        assert.equal(wallet.held, expected.held);
      }
    });

    it('streams purchases both ways, past one that is refused', async () => {
      const sent = [
        purchase('s0'),
        purchase('s1', { currency: 'XXX' }),
        purchase('s2'),
        purchase('s3'),
        purchase('s2'),
      ];
      const replies = await client.stream(sent);
      assert.deepEqual(
        replies.map((reply) => reply.purchase_id),
        sent.map((one) => one.purchase_id),
      );
      const refused = replies.splice(1, 1)[0].result;
      assert.equal(refused.result, 'error');
      const { code, details } = decodeStatus(client.types, refused.error);
      assert.equal(code, grpc.status.INVALID_ARGUMENT);
      assert.equal(details.ErrorInfo.reason, 'CURRENCY_NOT_DECLARED');
      assert.deepEqual(
        replies.map((reply) => reply.result.response.replayed),
        [false, false, false, true],
      );
    });

    it('lists the ledger page by page, last first and without gaps', async () => {
      const entries = [];
      const request = { member: { alias: card }, page_size: 2 };
      let pages = 0;
      do {
        const page = await client.call('PointsService', 'ListLedgerEntries', request);
        assert.ok(page.entries.length <= request.page_size);
        entries.push(...page.entries);
        request.page_token = page.next_page_token;
        pages += 1;
      } while (request.page_token !== '');
      assert.ok(pages > 1);
      const numbers = entries.map((entry) => Number(entry.number));
      assert.deepEqual(
        numbers,
        numbers.map((_, position) => numbers.length - position),
      );
      const earned = entries.filter((entry) => entry.debit === 'LEDGER_ACCOUNT_ISSUED');
      const { wallets } = await balance();
      const owned = wallets.flatMap((wallet) => [wallet.pending, wallet.available, wallet.held]);
      assert.equal(sum(earned.map((entry) => entry.points)), sum(owned));
    });

    it('is told every field that is wrong', async () => {
      const line = { sku: 'x', category: 'y', quantity: -1, amount_minor: -5 };
      const error = await refusal(record('bad', { lines: [line] }));
      assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
      assert.equal(error.rich.ErrorInfo.domain, 'dangol');
      assert.match(error.rich.ErrorInfo.reason, /^[A-Z][A-Z0-9_]*$/);
      const fields = fieldsOf(error).join(' ');
      assert.match(fields, /lines\[0\]\.quantity/);
      assert.match(fields, /lines\[0\]\.amount_minor/);
    });

    it('is told which currency the program does not know', async () => {
      const error = await refusal(record('currency', { currency: 'XXX' }));
      assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
      assert.equal(error.rich.ErrorInfo.reason, 'CURRENCY_NOT_DECLARED');
      assert.equal(error.rich.ErrorInfo.domain, 'dangol');
      assert.match(fieldsOf(error).join(' '), /currency/);
    });

    it('cannot use a purchase id twice', async () => {
      const error = await refusal(record('b', { channel: 'app' }));
      assert.equal(error.code, grpc.status.ALREADY_EXISTS);
      assert.equal(error.rich.ErrorInfo.reason, 'REQUEST_ID_REUSED');
    });

    it('is told that nobody has an alias', async () => {
      const alias = { kind: 'card', value: 'nobody' };
      const error = await refusal(client.call('MemberService', 'LookupMember', { alias }));
      assert.equal(error.code, grpc.status.NOT_FOUND);
      assert.equal(error.rich.ErrorInfo.reason, 'MEMBER_NOT_FOUND');
    });
  });
});

describe('the server', () => {
  it('says that it serves, in the standard way', async () => {
    const { Health } = loadStandard('health.proto').grpc.health.v1;
    const health = new Health(server.address, grpc.credentials.createInsecure());
    const reply = await new Promise((resolve, reject) => {
      health.Check({ service: '' }, (error, value) => (error ? reject(error) : resolve(value)));
    });
    health.close();
    assert.equal(reply.status, 'SERVING');
  });
});
