// Small HTTP helpers of the stand-ins, on Node's own client and server.
import https from 'node:https';
import http from 'node:http';

const maxBodyBytes = 4 * 1024 * 1024;

export function readBody(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    let size = 0;
    request.on('data', (chunk) => {
      size += chunk.length;
      if (size > maxBodyBytes) {
        request.destroy();
        reject(new Error('body too large'));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

export function call(agent, url, method, headers, body, timeoutMs = 15000) {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const module = target.protocol === 'https:' ? https : http;
    const request = module.request(
      { agent, host: target.hostname, port: target.port, path: target.pathname + target.search, method,
        headers: { ...headers, 'Content-Length': body ? Buffer.byteLength(body) : 0 }, servername: 'localhost' },
      async (response) => {
        try {
          const bytes = await readBody(response);
          resolve({ status: response.statusCode, headers: response.headers, body: bytes });
        } catch (error) {
          reject(error);
        }
      });
    request.setTimeout(timeoutMs, () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(body);
  });
}

export function controlServer(port, handlers) {
  const server = http.createServer(async (request, response) => {
    const body = await readBody(request);
    const handler = handlers[`${request.method} ${new URL(request.url, 'http://x').pathname}`];
    const result = handler ? await handler(body.length ? JSON.parse(body) : {}, new URL(request.url, 'http://x')) : { error: 'no such path' };
    response.writeHead(handler ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(result));
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

// Without an answer the same request again, as a careful sender does; the gateway knows it by its bytes.
export async function insist(attempt, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
