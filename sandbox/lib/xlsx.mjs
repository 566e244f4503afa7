// Reads the cells of an .xlsx file as texts: sheets with their rows. Enough for what a person sees; not for formulas.
import fs from 'node:fs';
import zlib from 'node:zlib';

// Files of a ZIP archive by name (central directory; stored or deflated).
export function unzip(bytes) {
  const files = {};
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment, local] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(begin, begin + packed);
    files[bytes.toString('utf8', at + 46, at + 46 + name)] = method === 0 ? data : zlib.inflateRawSync(data);
    at += 46 + name + extra + comment;
  }
  return files;
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text) => text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name) => (name.startsWith('#x') ? String.fromCodePoint(parseInt(name.slice(2), 16)) : name.startsWith('#') ? String.fromCodePoint(Number(name.slice(1))) : entities[name] ?? whole));
const texts = (xml) => [...xml.matchAll(/<t(?: [^>]*)?>([\s\S]*?)<\/t>/g)].map((found) => plain(found[1])).join('');

// [{ name, rows: [[text]], types: { A1: 's' } }]
export function read(file) {
  const files = Object.fromEntries(Object.entries(unzip(fs.readFileSync(file))).map(([name, bytes]) => [name, bytes.toString('utf8')]));
  const shared = [...(files['xl/sharedStrings.xml'] ?? '').matchAll(/<si>([\s\S]*?)<\/si>/g)].map((found) => texts(found[1]));
  return [...files['xl/workbook.xml'].matchAll(/<sheet name="([^"]*)"/g)].map(([, name], i) => {
    const rows = [];
    const types = {};
    for (const [, column, row, rest, inside = ''] of files[`xl/worksheets/sheet${i + 1}.xml`].matchAll(/<c r="([A-Z]+)(\d+)"([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
      const type = rest.match(/ t="(\w+)"/)?.[1];
      const value = inside.match(/<v>([\s\S]*?)<\/v>/)?.[1];
      const text = type === 's' ? shared[Number(value)] : type === 'inlineStr' ? texts(inside) : plain(value ?? '');
      if (inside) types[column + row] = type ?? 'n';
      const index = [...column].reduce((sum, c) => sum * 26 + c.charCodeAt(0) - 64, 0) - 1;
      (rows[Number(row) - 1] ??= [])[index] = text;
    }
    return { name: plain(name), rows: Array.from(rows, (cells) => Array.from(cells ?? [], (text) => text ?? '')), types };
  });
}
