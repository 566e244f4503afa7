// Programs that the benchmark starts and ends, and requests to the admin interface.
import { spawn } from 'node:child_process';
import path from 'node:path';
import http from 'node:http';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.TONGQU_BIN ?? path.join(root, 'build/release/tongqu');

const started = new Set();
process.on('exit', () => { for (const child of started) child.kill('SIGKILL'); });

// Starts a program and waits, a minute at most, for the line that says it is ready.
export function start(command, args, ready) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  started.add(child);
  let output = '';
  child.exited = new Promise((resolve) => child.on('exit', (code) => { started.delete(child); resolve(code); }));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`${command} was not ready in time:\n${output}`)); }, 60000);
    const look = (chunk) => {
      output = (output + chunk).slice(-20000);
      const found = output.match(ready);
      if (found && !child.ready) { clearTimeout(timer); child.ready = found; resolve(child); }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.exited.then((code) => { clearTimeout(timer); reject(new Error(`${command} ended with ${code}:\n${output}`)); });
  });
}

export async function stop(child, signal = 'SIGTERM') {
  child.kill(signal);
  return child.exited;
}

export function request(url, { headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const call = http.request(url, { headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    call.setTimeout(30000, () => call.destroy(new Error('timeout')));
    call.on('error', reject);
    call.end();
  });
}

// Waits until `condition` gives something true; tells `what` when it never does.
export async function until(what, condition, seconds) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const last = await condition();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`never happened within ${seconds} s: ${what}`);
}
