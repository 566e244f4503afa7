// Real PostgreSQL and MariaDB: each in a folder of its own on a free port, as an unprivileged user, ended with the test.
import { after } from 'node:test';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../sandbox/lib/rabbitmq.mjs';
import { temporaryFolder, until } from './gateway.mjs';

const postgresql = '/usr/lib/postgresql/15/bin';
const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });
after(() => { for (const child of running) child.kill('SIGKILL'); });

// Both servers refuse to run as root.
function unprivileged() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

export class DatabaseServer {
  // `dialect`: postgresql or mysql (MariaDB).
  static async start(dialect) {
    const server = new DatabaseServer();
    Object.assign(server, { dialect, folder: temporaryFolder(dialect), port: await freePort() });
    const as = { cwd: server.folder, stdio: 'ignore', ...unprivileged() };
    if (as.uid !== undefined) fs.chownSync(server.folder, as.uid, as.gid);
    const data = path.join(server.folder, 'data');
    let command;
    if (dialect === 'postgresql') {
      execFileSync(`${postgresql}/initdb`, ['-D', data, '-A', 'trust', '-U', 'tongqu', '-E', 'UTF8', '--locale=C', '--no-sync'], as);
      command = [`${postgresql}/postgres`, ['-D', data, '-p', server.port, '-h', '127.0.0.1', '-k', server.folder, '-c', 'shared_buffers=16MB']];
    } else {
      execFileSync('/usr/bin/mariadb-install-db', ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'], as);
      const first = path.join(server.folder, 'init.sql');
      fs.writeFileSync(first, "CREATE DATABASE IF NOT EXISTS front CHARACTER SET utf8mb4;\nCREATE USER IF NOT EXISTS 'tongqu'@'%' IDENTIFIED BY 's3cret';\nGRANT ALL ON front.* TO 'tongqu'@'%';\n");
      command = ['/usr/sbin/mariadbd', ['--no-defaults', `--datadir=${data}`, `--port=${server.port}`, `--socket=${server.folder}/s`, '--bind-address=127.0.0.1', `--init-file=${first}`, '--innodb-buffer-pool-size=32M', '--skip-name-resolve']];
    }
    server.child = spawn(command[0], command[1].map(String), as);
    running.add(server.child);
    server.exited = new Promise((resolve) => server.child.on('exit', () => { running.delete(server.child); resolve(); }));
    await until(`${dialect} answers`, () => { try { return server.sql('SELECT 1').length === 1; } catch { return false; } }, 60);
    return server;
  }

  // The object `database` of a partner; the password is put into the folder of secrets.
  settings(secrets) {
    fs.writeFileSync(path.join(secrets, 'front.password'), 's3cret\n');
    return `{driver: ${this.dialect}, host: 127.0.0.1, port: ${this.port}, name: ${this.dialect === 'mysql' ? 'front' : 'postgres'}, user: tongqu, password: "\${file:front.password}"}`;
  }

  // Rows of the last statement as lists of texts.
  sql(text) {
    const [program, args] = this.dialect === 'postgresql'
      ? ['psql', ['-X', '-q', '-h', '127.0.0.1', '-p', this.port, '-U', 'tongqu', '-d', 'postgres', '-At', '-F', '\t', '-v', 'ON_ERROR_STOP=1', '-f', '-']]
      : ['mariadb', ['--no-defaults', '-h127.0.0.1', `-P${this.port}`, '-utongqu', '-ps3cret', '--default-character-set=utf8mb4', '--batch', '--skip-column-names', 'front']];
    const out = execFileSync(program, args.map(String), { input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 64 << 20 });
    return out.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  }

  async stop() {
    this.child.kill(this.dialect === 'postgresql' ? 'SIGINT' : 'SIGTERM');
    await this.exited;
  }
}
