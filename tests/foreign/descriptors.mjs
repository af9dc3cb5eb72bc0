// Two ways to learn an API: from its .proto files, and from a running server's
// reflection. Both give { services, types }: what gRPC calls, and what decodes
// messages that travel inside others, such as error details.
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor/index.js';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kHere = dirname(fileURLToPath(import.meta.url));
const kProtos = join(kHere, '../../protos');
const kErrorDetails = 'google/rpc/error_details.proto';
const kOptions = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true };

// One of the two protocols beside the API that gRPC itself defines.
export function loadStandard(name) {
  return grpc.loadPackageDefinition(protoLoader.loadSync(join(kHere, name), kOptions));
}

export function fromProtos() {
  const files = readdirSync(join(kProtos, 'dangol/v1')).map((name) => `dangol/v1/${name}`);
  const definition = protoLoader.loadSync(files, { ...kOptions, includeDirs: [kProtos] });
  const types = new protobuf.Root();
  types.resolvePath = (origin, target) => join(kProtos, target);
  types.loadSync(['google/rpc/status.proto', kErrorDetails], { keepCase: true });
  return { services: grpc.loadPackageDefinition(definition).dangol.v1, types };
}

// Asks one question after the other on one reflection stream.
class Reflection {
  constructor(address) {
    const { ServerReflection } = loadStandard('reflection.proto').grpc.reflection.v1alpha;
    this.client = new ServerReflection(address, grpc.credentials.createInsecure());
    this.stream = this.client.ServerReflectionInfo();
    this.replies = this.stream[Symbol.asyncIterator]();
  }

  async ask(question) {
    this.stream.write(question);
    const { value, done } = await this.replies.next();
    if (done) throw new Error('reflection ended early');
    if (value.error_response) throw new Error(value.error_response.error_message);
    return value;
  }

  close() {
    this.stream.end();
    this.client.close();
  }
}

// Adds the answer's files to `files`, by name. The answer holds what a file
// imports, too.
function collect(answer, files) {
  for (const bytes of answer.file_descriptor_response.file_descriptor_proto) {
    files.set(descriptor.FileDescriptorProto.decode(bytes).name, bytes);
  }
}

function toFileDescriptorSet(files) {
  const writer = protobuf.Writer.create();
  const kFileField = 10; // field 1, length-delimited
  for (const bytes of files.values()) writer.uint32(kFileField).bytes(bytes);
  return Buffer.from(writer.finish());
}

// protobufjs reads a map of a descriptor as what it is on the wire, a list of
// entries. Makes maps of these again, in `type` and all that is inside it.
function restoreMaps(type) {
  for (const nested of type.nestedArray) if (nested.nested || nested.fields) restoreMaps(nested);
  for (const field of type.fieldsArray ?? []) {
    const entry = field.resolve().resolvedType;
    if (!entry?.options?.map_entry) continue;
    const { key, value } = entry.fields;
    // It marks the message around an entry as well, which has other fields.
    if (!key || !value) continue;
    type.remove(field);
    type.add(new protobuf.MapField(field.name, field.id, key.type, value.type));
  }
}

export async function fromReflection(address) {
  const reflection = new Reflection(address);
  const files = new Map();
  const listed = await reflection.ask({ list_services: '*' });
  for (const { name } of listed.list_services_response.service) {
    if (name.startsWith('dangol.')) {
      collect(await reflection.ask({ file_containing_symbol: name }), files);
    }
  }
  collect(await reflection.ask({ file_by_filename: kErrorDetails }), files);
  reflection.close();

  const set = descriptor.FileDescriptorSet.decode(toFileDescriptorSet(files));
  const types = protobuf.Root.fromDescriptor(set);
  restoreMaps(types);
  const definition = protoLoader.fromJSON(types.toJSON(), kOptions);
  return { services: grpc.loadPackageDefinition(definition).dangol.v1, types };
}
