// tongqu-strip on real files: what it takes out, found by another reader; that pictures and sound stay what they were; and what
// becomes of files that are damaged or hostile.
import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { execFileSync } from 'node:child_process';
import { binary, temporaryFolder } from './lib/gateway.mjs';
import { amr, decoded, device, inFolder, jpeg, mp4, pdf, plainJpeg, png, strip, tagged, tags, telling, threegp, traces, who } from './lib/metadata.mjs';

const program = path.join(path.dirname(binary), 'tongqu-strip');
const at = inFolder(temporaryFolder('strip'));
const malformed = 10;
const limit = 11;

const cases = [
  { type: 'image/jpeg', file: jpeg(at('a.jpg')), tellingAtLeast: 10 },
  { type: 'image/png', file: png(at('a.png')), tellingAtLeast: 5 },
  { type: 'video/mp4', file: mp4(at('a.mp4')), tellingAtLeast: 4 },
  { type: 'video/quicktime', file: mp4(at('a.mov')), tellingAtLeast: 3 },
  { type: 'video/3gpp', file: threegp(at('a.3gp')), tellingAtLeast: 1 },
  { type: 'audio/mpeg', file: tagged(at('a.mp3')), tellingAtLeast: 1, packets: true }, // the gap at its start is said in a tag
  { type: 'audio/wav', file: tagged(at('a.wav')), tellingAtLeast: 2 },
  { type: 'audio/mp4', file: tagged(at('a.m4a')), tellingAtLeast: 2 },
  { type: 'audio/aac', file: tagged(at('a.aac'), '-write_id3v2', '1'), tellingAtLeast: 0 },
  { type: 'audio/amr', file: amr(at('a.amr')), tellingAtLeast: 0, packets: true },
];

for (const { type, file, tellingAtLeast, packets } of cases) {
  test(`strip: ${type} loses who, where and with what, and nothing that is seen or heard`, () => {
    const copy = `${file}.copy${path.extname(file)}`;
    assert.ok(telling(file).length >= tellingAtLeast, `the file has traces: ${telling(file)}`);
    assert.equal(strip(program, type, file, copy), 0);
    assert.deepEqual(telling(copy), []);
    assert.deepEqual(traces(copy), []);
    assert.equal(decoded(copy, { packets }), decoded(file, { packets }));
  });
}

test('strip: a picture stays upright and keeps its colour profile', () => {
  for (const name of ['a.jpg', 'a.png']) {
    const copy = at(`upright-${name}`);
    assert.equal(strip(program, name.endsWith('jpg') ? 'image/jpeg' : 'image/png', at(name), copy), 0);
    assert.equal(tags(copy)['IFD0:Orientation'], 'Rotate 90 CW');
  }
});

test('strip: of a PDF the pages stay; author, XMP, scripts, embedded files and the camera of its pictures go', () => {
  const file = pdf(at('a.pdf'), at('a.jpg'));
  const copy = at('a.copy.pdf');
  assert.deepEqual(traces(file), [who, device, 'SN20261126']);
  assert.equal(strip(program, 'application/pdf', file, copy), 0);
  assert.deepEqual(telling(copy), []);
  assert.deepEqual(traces(copy), []);
  const text = execFileSync('qpdf', ['--qdf', '--object-streams=disable', copy, '-'], { encoding: 'latin1' });
  for (const gone of ['JavaScript', 'EmbeddedFile', 'FileAttachment', '/Metadata', '/Info ', 'PieceInfo', who]) assert.ok(!text.includes(gone), gone);
  assert.ok(text.includes('/Contents (note)'), 'what a note says stays');
  execFileSync('qpdf', ['--check', copy]);
  const picture = at('of-the-copy.jpg');
  const number = /(\d+) 0 obj\s+<<(?:(?!endobj)[^])*DCTDecode/.exec(execFileSync('qpdf', ['--qdf', '--object-streams=disable', '--no-original-object-ids', copy, '-'], { encoding: 'latin1' }))[1];
  fs.writeFileSync(picture, execFileSync('qpdf', [`--show-object=${number}`, '--raw-stream-data', (() => { execFileSync('qpdf', ['--qdf', '--object-streams=disable', copy, `${copy}.qdf`]); return `${copy}.qdf`; })()]));
  assert.equal(decoded(picture), decoded(at('a.jpg')), 'the picture on its page is the same');
  assert.equal(execFileSync('grep', ['-c', '%%EOF', '-a', copy], { encoding: 'utf8' }).trim(), '1', 'one version, no updates');
});

// PNG with a width and height that are not there.
function hugePng(width, height) {
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const out = Buffer.alloc(8 + body.length);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) : crc32(body), 4 + body.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(Buffer.alloc(1 << 20))), chunk('IEND', Buffer.alloc(0))]);
}
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; ++i) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const flip = (bytes, place) => { const out = Buffer.from(bytes); out[place] ^= 0xff; return out; };
test('strip: what is damaged or hostile has no copy, and says why', () => {
  const hugeJpeg = fs.readFileSync(plainJpeg(at('plain.jpg')));
  const frame = hugeJpeg.indexOf(Buffer.from('ffc0', 'hex'));
  hugeJpeg.writeUInt16BE(65500, frame + 5);
  hugeJpeg.writeUInt16BE(65500, frame + 7);
  const half = (name) => { const bytes = fs.readFileSync(at(name)); return bytes.subarray(0, bytes.length / 4); };
  const bomb = `%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj\n${'['.repeat(200000)}`;
  const hostile = [
    ['image/jpeg', half('a.jpg'), malformed], ['image/jpeg', hugeJpeg, limit], ['image/jpeg', fs.readFileSync(at('a.png')), malformed],
    ['image/png', half('a.png'), malformed], ['image/png', hugePng(90000, 90000), limit], ['image/png', hugePng(4000, 4000), malformed],
    ['image/png', flip(fs.readFileSync(at('a.png')), 30), malformed],
    ['application/pdf', half('a.pdf'), malformed], ['application/pdf', Buffer.from(bomb), malformed],
    ['video/mp4', half('a.mp4'), malformed], ['video/mp4', Buffer.from('00000018667479706d703432', 'hex'), malformed],
    ['audio/wav', Buffer.from('RIFF'), malformed], ['text/html', Buffer.from('<html>'), 13],
  ];
  for (const [i, [type, bytes, expected]] of hostile.entries()) {
    fs.writeFileSync(at(`hostile-${i}`), bytes);
    assert.equal(strip(program, type, at(`hostile-${i}`), at(`hostile-${i}.copy`)), expected, `${i}: ${type}`);
  }
});

test('strip: no byte of a file can crash it into success', { timeout: 600000 }, () => {
  let seed = 20261126;
  const random = (most) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % most; };
  for (const [type, name] of [['image/jpeg', 'a.jpg'], ['image/png', 'a.png'], ['application/pdf', 'a.pdf'], ['video/mp4', 'a.mp4']]) {
    const whole = fs.readFileSync(at(name));
    for (let round = 0; round < 40; ++round) {
      const bytes = Buffer.from(whole);
      for (let i = 0; i < 1 + round % 8; ++i) bytes[random(bytes.length)] = random(256);
      const copy = at(`changed.${name}`);
      fs.writeFileSync(at('changed'), bytes);
      const status = strip(program, type, at('changed'), copy);
      if (status !== 0) continue;
      assert.deepEqual(traces(copy), [], `${name}, round ${round}`);
    }
  }
});
