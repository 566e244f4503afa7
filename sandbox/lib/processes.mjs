// Programs of the demonstration: started until they say that they are ready, ended together.
import { spawn } from 'node:child_process';
import fs from 'node:fs';

const started = [];
process.on('exit', () => { for (const child of started) child.kill('SIGKILL'); });

export function launch(name, command, args, ready, logFile, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const log = fs.createWriteStream(logFile, { mode: 0o600 });
  started.push(child);
  let output = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} was not ready in time:\n${output}`)), 60000);
    const look = (chunk) => {
      log.write(chunk);
      if (child.ready) return;
      output = (output + chunk).slice(-20000);
      const found = output.match(ready);
      if (!found) return;
      clearTimeout(timer);
      child.ready = found;
      resolve(child);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('exit', (code) => { clearTimeout(timer); reject(new Error(`${name} ended with ${code}:\n${output}`)); });
  });
}

// Ends what was launched, the last first, and waits for it.
export async function endAll() {
  for (const child of started.splice(0).reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }
}
