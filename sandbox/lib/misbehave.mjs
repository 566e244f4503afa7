// Faults that a stand-in shows on request. POST /control {"mode": "...", "count": n, "ms": t} arms a fault for the next n
// requests; GET /control tells what is armed. Modes: slow (answers after ms), error (500), cut (closes the connection in the
// middle of the answer), silent (reads and never answers), refuse (a business refusal with HTTP 200 or 422, as the protocol
// has it), duplicate (answers twice on the wire), garbage (not the agreed format), wrong-signature (what it sends next is
// signed wrongly).
export class Faults {
  constructor() {
    this.armed = { mode: 'none', count: 0, ms: 0 };
  }

  arm(request) {
    this.armed = { mode: request.mode ?? 'none', count: request.count ?? 1, ms: request.ms ?? 2000 };
  }

  // The fault for this request, used up by asking.
  next() {
    if (this.armed.count <= 0) return { mode: 'none', ms: 0 };
    this.armed.count -= 1;
    return { mode: this.armed.mode, ms: this.armed.ms };
  }
}

// Sends `status` and `body` under the fault: bytes or a text as they are, of the media type `type`, anything else as JSON.
export async function answer(fault, response, status, body, type = 'application/json') {
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  switch (fault.mode) {
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      break;
    case 'error':
      response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end('{"success":false,"code":"500","message":"stand-in fault"}');
      return;
    case 'cut':
      response.writeHead(status, { 'Content-Type': type, 'Content-Length': text.length });
      response.write(text.subarray(0, 5));
      setTimeout(() => response.socket?.destroy(), 10);
      return;
    case 'silent':
      return;
    case 'garbage':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<html>gateway timeout</html>');
      return;
    case 'duplicate': {
      const once = Buffer.concat([Buffer.from(`HTTP/1.1 ${status} OK\r\nContent-Type: ${type}\r\nContent-Length: ${text.length}\r\n\r\n`), text]);
      response.socket?.end(Buffer.concat([once, once]));
      return;
    }
    default:
      break;
  }
  response.writeHead(status, { 'Content-Type': type });
  response.end(text);
}

// Faults that show before the request takes effect at the receiver.
export const beforeEffect = new Set(['error', 'garbage', 'refuse']);
