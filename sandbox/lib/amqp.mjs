// A small client of AMQP 0-9-1 for the stand-ins: one connection, one channel, in confirm mode. Written against the
// specification, so that the gateway's library is not tested against itself.
import net from 'node:net';
import tls from 'node:tls';

const METHOD = 1;
const HEADER = 2;
const BODY = 3;
const HEARTBEAT = 8;
const frameBytes = 131072;

class Writer {
  parts = [];
  u8(v) { this.parts.push(Buffer.from([v])); return this; }
  u16(v) { const b = Buffer.alloc(2); b.writeUInt16BE(v); this.parts.push(b); return this; }
  u32(v) { const b = Buffer.alloc(4); b.writeUInt32BE(v); this.parts.push(b); return this; }
  u64(v) { const b = Buffer.alloc(8); b.writeBigUInt64BE(BigInt(v)); this.parts.push(b); return this; }
  short(text) { const b = Buffer.from(text); return this.u8(b.length).raw(b); }
  long(text) { const b = Buffer.from(text); return this.u32(b.length).raw(b); }
  raw(b) { this.parts.push(b); return this; }
  table(object) {
    const inner = new Writer();
    for (const [key, value] of Object.entries(object)) {
      inner.short(key);
      if (typeof value === 'boolean') inner.u8(0x74).u8(value ? 1 : 0);
      else if (typeof value === 'number') inner.u8(0x49).u32(value);
      else if (typeof value === 'string') inner.u8(0x53).long(value);
      else inner.u8(0x46).table(value);
    }
    const bytes = inner.done();
    return this.u32(bytes.length).raw(bytes);
  }
  done() { return Buffer.concat(this.parts); }
}

class Reader {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }
  u8() { return this.bytes[this.at++]; }
  u16() { this.at += 2; return this.bytes.readUInt16BE(this.at - 2); }
  u32() { this.at += 4; return this.bytes.readUInt32BE(this.at - 4); }
  u64() { this.at += 8; return Number(this.bytes.readBigUInt64BE(this.at - 8)); }
  short() { const n = this.u8(); this.at += n; return this.bytes.subarray(this.at - n, this.at).toString(); }
  skip(n) { this.at += n; }
}

function properties({ contentType, contentEncoding, messageId, priority, type }) {
  let flags = 0x1000; // delivery mode
  const out = new Writer();
  if (contentType) { flags |= 0x8000; out.short(contentType); }
  if (contentEncoding) { flags |= 0x4000; out.short(contentEncoding); }
  out.u8(2);
  if (priority !== undefined) { flags |= 0x0800; out.u8(priority); }
  if (messageId) { flags |= 0x0080; out.short(messageId); }
  if (type) { flags |= 0x0020; out.short(type); }
  return new Writer().u16(flags).raw(out.done()).done();
}

function readProperties(reader) {
  const flags = reader.u16();
  const got = {};
  if (flags & 0x8000) got.contentType = reader.short();
  if (flags & 0x4000) got.contentEncoding = reader.short();
  if (flags & 0x2000) reader.skip(reader.u32());
  if (flags & 0x1000) got.deliveryMode = reader.u8();
  if (flags & 0x0800) got.priority = reader.u8();
  if (flags & 0x0400) reader.short();
  if (flags & 0x0200) reader.short();
  if (flags & 0x0100) reader.short();
  if (flags & 0x0080) got.messageId = reader.short();
  if (flags & 0x0040) reader.skip(8);
  if (flags & 0x0020) got.type = reader.short();
  return got;
}

export class AmqpClient {
  // options: {port, user, password, tls?: {ca, cert, key}}
  static async connect(options) {
    const client = new AmqpClient();
    const patience = setTimeout(() => client.#socket.destroy(), 10000); // a broker that accepts and says nothing
    try {
      await client.#open(options);
    } finally {
      clearTimeout(patience);
    }
    return client;
  }

  #socket; #buffer = Buffer.alloc(0); #waiting = new Map(); #partial; #published = 0; #confirms = new Map(); #onMessage; #timer;
  closed = false;

  async #open({ port, user, password, tls: secure }) {
    this.#socket = secure ? tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ...secure }) : net.connect(port, '127.0.0.1');
    this.gone = new Promise((resolve) => this.#socket.once('close', () => { this.#end(new Error('the broker closed the connection')); resolve(); }));
    this.#socket.on('error', () => {});
    this.#socket.on('data', (chunk) => this.#take(chunk));
    await new Promise((resolve, reject) => { this.#socket.once(secure ? 'secureConnect' : 'connect', resolve); this.#socket.once('error', reject); this.#socket.once('close', () => reject(new Error('the broker closed the connection'))); });
    const start = this.#expect(10, 10);
    this.#socket.write(Buffer.from('AMQP\0\0\x09\x01', 'latin1'));
    await start;
    const tune = this.#expect(10, 30);
    this.#method(0, 10, 11, new Writer().table({ product: 'stand-in', capabilities: { publisher_confirms: true } }).short('PLAIN').long(`\0${user}\0${password}`).short('en_US'));
    await tune;
    this.#method(0, 10, 31, new Writer().u16(1).u32(frameBytes).u16(30));
    await this.#call(0, 10, 40, new Writer().short('/').short('').u8(0), 41);
    await this.#call(1, 20, 10, new Writer().short(''), 11);
    await this.#call(1, 85, 10, new Writer().u8(0), 11);
    this.#timer = setInterval(() => this.#frame(HEARTBEAT, 0, Buffer.alloc(0)), 10000).unref();
  }

  exchange(name) { return this.#call(1, 40, 10, new Writer().u16(0).short(name).short('direct').u8(0b00010).table({}), 11); }
  queue(name, args = {}) { return this.#call(1, 50, 10, new Writer().u16(0).short(name).u8(0b00010).table(args), 11); }
  bind(queue, exchange, key) { return this.#call(1, 50, 20, new Writer().u16(0).short(queue).short(exchange).short(key).u8(0).table({}), 21); }
  async depth(name) { // messages that are ready
    const reader = await this.#call(1, 50, 10, new Writer().u16(0).short(name).u8(0b00001).table({}), 11);
    reader.short();
    return reader.u32();
  }

  // Resolves when the broker confirmed; rejects on nack or loss.
  publish(exchange, key, body, props) {
    const bytes = Buffer.from(body);
    if (this.closed) return Promise.reject(new Error('the broker closed the connection'));
    const number = ++this.#published;
    const confirmed = new Promise((resolve, reject) => this.#confirms.set(number, { resolve, reject }));
    this.#method(1, 60, 40, new Writer().u16(0).short(exchange).short(key).u8(0));
    this.#frame(HEADER, 1, new Writer().u16(60).u16(0).u64(bytes.length).raw(properties(props)).done());
    for (let at = 0; at < bytes.length; at += frameBytes - 8) this.#frame(BODY, 1, bytes.subarray(at, at + frameBytes - 8));
    return confirmed;
  }

  // onMessage({queue's body, properties, redelivered}, ack): ack() acknowledges.
  async consume(queue, onMessage, prefetch = 50) {
    this.#onMessage = onMessage;
    await this.#call(1, 60, 10, new Writer().u32(0).u16(prefetch).u8(0), 11);
    await this.#call(1, 60, 20, new Writer().u16(0).short(queue).short('').u8(0).table({}), 21);
  }

  close() {
    clearInterval(this.#timer);
    this.#socket.destroy();
  }

  #end(error) {
    this.closed = true;
    clearInterval(this.#timer);
    for (const { reject } of [...[...this.#waiting.values()].flat(), ...this.#confirms.values()]) reject(error);
    this.#waiting.clear();
    this.#confirms.clear();
  }
  #frame(type, channel, payload) {
    if (!this.closed) this.#socket.write(Buffer.concat([new Writer().u8(type).u16(channel).u32(payload.length).done(), payload, Buffer.from([0xce])]));
  }
  #method(channel, cls, id, args) { this.#frame(METHOD, channel, new Writer().u16(cls).u16(id).raw(args.done()).done()); }
  // A broker answers the calls of a channel in their order, so those who wait for the same method stand in a line.
  #expect(cls, id) {
    if (this.closed) return Promise.reject(new Error('the broker closed the connection'));
    const key = `${cls}.${id}`;
    if (!this.#waiting.has(key)) this.#waiting.set(key, []);
    const promise = new Promise((resolve, reject) => this.#waiting.get(key).push({ resolve, reject }));
    promise.catch(() => {});
    return promise;
  }
  #call(channel, cls, id, args, answer) {
    const answered = this.#expect(cls, answer);
    this.#method(channel, cls, id, args);
    return answered;
  }
  #take(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    while (this.#buffer.length >= 8) {
      const size = this.#buffer.readUInt32BE(3);
      if (this.#buffer.length < size + 8) return;
      const payload = this.#buffer.subarray(7, 7 + size);
      const type = this.#buffer[0];
      this.#buffer = this.#buffer.subarray(size + 8);
      if (type === METHOD) this.#onMethod(new Reader(payload));
      else if (type === HEADER) this.#onHeader(new Reader(payload));
      else if (type === BODY) this.#onBody(payload);
    }
  }
  #onMethod(reader) {
    const cls = reader.u16();
    const id = reader.u16();
    if (cls === 60 && id === 60) {
      reader.short();
      this.#partial = { tag: reader.u64(), redelivered: (reader.u8() & 1) === 1, chunks: [], missing: -1 };
      return;
    }
    if (cls === 60 && (id === 80 || id === 120)) {
      const tag = reader.u64();
      const multiple = (reader.u8() & 1) === 1;
      for (const [number, { resolve, reject }] of this.#confirms) {
        if (number !== tag && !(multiple && number <= tag)) continue;
        this.#confirms.delete(number);
        if (id === 80) resolve(); else reject(new Error('nack'));
      }
      return;
    }
    if (id === 50 && cls === 10 || id === 40 && cls === 20) {
      this.#end(new Error(`the broker closed: ${reader.u16()} ${reader.short()}`));
      this.#socket.destroy();
      return;
    }
    this.#waiting.get(`${cls}.${id}`)?.shift()?.resolve(reader);
  }
  #onHeader(reader) {
    reader.skip(4);
    this.#partial.missing = reader.u64();
    this.#partial.properties = readProperties(reader);
    if (this.#partial.missing === 0) this.#complete();
  }
  #onBody(payload) {
    this.#partial.chunks.push(Buffer.from(payload));
    this.#partial.missing -= payload.length;
    if (this.#partial.missing === 0) this.#complete();
  }
  #complete() {
    const { tag, redelivered, chunks, properties: props } = this.#partial;
    this.#onMessage({ body: Buffer.concat(chunks), redelivered, ...props }, () => this.#method(1, 60, 80, new Writer().u64(tag).u8(0)));
  }
}
