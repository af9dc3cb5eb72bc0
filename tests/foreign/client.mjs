// Calls as promises, and errors with their details decoded.
import grpc from '@grpc/grpc-js';

// Generous: the tests also run under sanitizers, on busy machines.
const kDeadlineMs = 30_000;

function deadline() {
  return { deadline: Date.now() + kDeadlineMs };
}

// Decodes a google.rpc.Status into { code, message, details by short name }.
export function decodeStatus(types, status) {
  const details = {};
  for (const any of status.details) {
    const name = any.type_url.split('/').pop();
    const type = types.lookupType(name);
    details[name.split('.').pop()] = type.toObject(type.decode(any.value), { defaults: true });
  }
  return { code: status.code, message: status.message, details };
}

function decodeError(types, error) {
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  if (!bytes) return error;
  const type = types.lookupType('google.rpc.Status');
  const { details } = decodeStatus(types, type.toObject(type.decode(bytes), { defaults: true }));
  return Object.assign(error, { rich: details });
}

export class Client {
  constructor(api, address) {
    this.types = api.types;
    this.stubs = {};
    for (const name of ['MemberService', 'PurchaseService', 'PointsService']) {
      this.stubs[name] = new api.services[name](address, grpc.credentials.createInsecure());
    }
  }

  call(service, method, request) {
    return new Promise((resolve, reject) => {
      this.stubs[service][method](request, deadline(), (error, reply) =>
        error ? reject(decodeError(this.types, error)) : resolve(reply),
      );
    });
  }

  // Sends every purchase without waiting, and returns the replies as they came.
  async stream(purchases) {
    const stream = this.stubs.PurchaseService.StreamPurchases(deadline());
    for (const purchase of purchases) stream.write({ purchase });
    stream.end();
    const replies = [];
    for await (const reply of stream) replies.push(reply);
    return replies;
  }

  close() {
    Object.values(this.stubs).forEach((stub) => stub.close());
  }
}
