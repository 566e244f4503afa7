// RabbitMQ of the system as a stand-in's broker: own node, port mapper and data in the given folder, ended by process id.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { execFile, spawn } from 'node:child_process';

export function freePort() {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const listening = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class RabbitMq {
  // options: {folder, port (TLS), user, password, ca, certificate, key (file names)}
  static async start(options) {
    const broker = new RabbitMq();
    broker.options = options;
    broker.folder = path.resolve(options.folder);
    [broker.mapperPort, broker.nodePort] = [await freePort(), await freePort()];
    fs.mkdirSync(path.join(broker.folder, 'data'), { recursive: true });
    fs.writeFileSync(path.join(broker.folder, 'rabbitmq.conf'), [
      'listeners.tcp = none', `listeners.ssl.1 = 127.0.0.1:${options.port}`, `default_user = ${options.user}`, `default_pass = ${options.password}`,
      `ssl_options.cacertfile = ${path.resolve(options.ca)}`, `ssl_options.certfile = ${path.resolve(options.certificate)}`, `ssl_options.keyfile = ${path.resolve(options.key)}`,
      'ssl_options.verify = verify_peer', 'ssl_options.fail_if_no_peer_cert = true', 'log.file = false', 'log.console = true', 'log.console.level = warning',
      'vm_memory_high_watermark.absolute = 1GB', 'disk_free_limit.absolute = 1MB', ''].join('\n'));
    fs.writeFileSync(path.join(broker.folder, 'enabled_plugins'), '[].\n');
    broker.mapper = spawn('epmd', ['-port', String(broker.mapperPort), '-address', '127.0.0.1'], { stdio: 'ignore', detached: true });
    process.on('exit', () => broker.kill());
    await broker.run();
    return broker;
  }

  async run() {
    const log = fs.openSync(path.join(this.folder, 'broker.log'), 'a');
    const at = (name) => path.join(this.folder, name);
    this.environment = {
      ...process.env, HOME: this.folder, ERL_EPMD_PORT: String(this.mapperPort), RABBITMQ_NODENAME: `tongqu${this.options.port}@localhost`, RABBITMQ_DIST_PORT: String(this.nodePort),
      RABBITMQ_MNESIA_BASE: at('data'), RABBITMQ_LOG_BASE: this.folder, RABBITMQ_CONFIG_FILE: at('rabbitmq.conf'), RABBITMQ_ENABLED_PLUGINS_FILE: at('enabled_plugins'),
      RABBITMQ_GENERATED_CONFIG_DIR: at('generated'), RABBITMQ_SERVER_START_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}', RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none +S 2:2',
    };
    this.child = spawn('/usr/lib/rabbitmq/bin/rabbitmq-server', [], { detached: true, stdio: ['ignore', log, log], env: this.environment });
    fs.closeSync(log);
    let ended = false;
    this.exited = new Promise((resolve) => this.child.once('exit', () => { ended = true; resolve(); }));
    const end = Date.now() + 120000;
    while (!(await listening(this.options.port))) {
      if (ended || Date.now() > end) throw new Error(`RabbitMQ did not start, see ${at('broker.log')}`);
      await pause(100);
    }
  }

  // kill -9; the data stay for another run(). RabbitMQ 3.10 answers a declaration before the log of its schema is on disk, and
  // a queue whose declaration is lost is lost with its messages; so that log is written first.
  async crash() {
    await new Promise((resolve) => execFile('/usr/lib/rabbitmq/bin/rabbitmqctl', ['-q', 'eval', 'mnesia:sync_log().'], { env: this.environment, timeout: 30000 }, resolve));
    try { process.kill(-this.child.pid, 'SIGKILL'); } catch { /* it is gone */ }
    await this.exited;
  }

  kill() {
    for (const child of [this.child, this.mapper]) {
      try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it is gone */ }
    }
  }
}
