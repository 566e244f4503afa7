// Real files with a person's traces in them, and independent readers: ffmpeg makes them, exiftool writes and reads metadata.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const who = 'Zhangsan';
export const device = 'Pocketcam';
const quiet = { stdio: ['ignore', 'pipe', 'pipe'] };
const ffmpeg = (...args) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], quiet);
const exiftool = (...args) => execFileSync('exiftool', ['-q', '-m', '-overwrite_original', ...args], quiet);
const film = ['-f', 'lavfi', '-i', 'testsrc=s=160x120:d=1:r=10'];
const sound = ['-f', 'lavfi', '-i', 'sine=d=1'];
const place = ['-GPSLatitude=39.9', '-GPSLatitudeRef=N', '-GPSLongitude=116.4', '-GPSLongitudeRef=E'];
const camera = [`-Make=${device}`, `-Model=${device} 9`, '-SerialNumber=SN20261126', `-Artist=${who}`, `-XMP:Creator=${who}`, '-Orientation#=6'];

export function plainJpeg(file) {
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=320x240', '-frames:v', '1', '-pix_fmt', 'yuvj420p', file);
  return file;
}
export function jpeg(file) {
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=320x240', '-frames:v', '1', '-pix_fmt', 'yuvj420p', file);
  const small = `${file}.small.jpg`;
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=80x60', '-frames:v', '1', small);
  exiftool(...place, ...camera, `-IPTC:By-line=${who}`, `-Comment=${who}`, `-UserComment=${who}`, '-DateTimeOriginal=2026:11:20 09:12:23', `-ThumbnailImage<=${small}`, file);
  // A second picture with traces of its own behind the end, as phones write them.
  fs.appendFileSync(file, fs.readFileSync(file));
  return file;
}
export function png(file) {
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=320x240', '-frames:v', '1', file);
  exiftool(...place, ...camera, `-PNG:Author=${who}`, `-Comment=${who}`, file);
  return file;
}
export function mp4(file) {
  ffmpeg(...film, ...sound, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-metadata', 'location=+39.9+116.4/', '-metadata', `title=${who}`, '-metadata', `make=${device}`,
    '-metadata:s:v', `handler_name=${who}`, '-movflags', 'use_metadata_tags', file);
  exiftool(`-Keys:Make=${device}`, `-UserData:Make=${device}`, '-UserData:GPSCoordinates=39.9, 116.4, 10', `-XMP:Creator=${who}`, file);
  return file;
}
export function threegp(file) {
  ffmpeg(...film, '-c:v', 'mpeg4', '-metadata', 'location=+39.9+116.4/', '-metadata', `artist=${who}`, file);
  return file;
}
export function tagged(file, ...codec) { // sound
  ffmpeg(...sound, ...codec, '-metadata', `artist=${who}`, '-metadata', `comment=${device}`, file);
  return file;
}
export function amr(file) { // twenty frames of 12.2 kbit/s; what is behind the last one belongs to nobody
  const frame = Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31, 0x55)]);
  fs.writeFileSync(file, Buffer.concat([Buffer.from('#!AMR\n'), ...Array(20).fill(frame)]));
  return file;
}

// A PDF as scanners and word processors make them, with `picture` (JPEG) on its page.
export function pdf(file, picture) {
  const stream = (dictionary, bytes) => Buffer.concat([Buffer.from(`<< ${dictionary} /Length ${bytes.length} >>\nstream\n`), bytes, Buffer.from('\nendstream')]);
  const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>${who}</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /Names << /EmbeddedFiles << /Names [(list.txt) 8 0 R] >> >> >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 320 240] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> /PieceInfo << /App << /Private (${who}) >> >> /Annots [ << /Type /Annot /Subtype /Text /Rect [0 0 9 9] /T (${who}) /Contents (note) >> << /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS 8 0 R >> ] >>`,
    stream('', Buffer.from('q 320 0 0 240 0 0 cm /I Do Q')),
    stream('/Type /XObject /Subtype /Image /Width 320 /Height 240 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode', fs.readFileSync(picture)),
    stream('/Type /Metadata /Subtype /XML', Buffer.from(xmp)),
    `<< /Author (${who}) /Producer (${device}) /CreationDate (D:20261120) >>`,
    '<< /Type /Filespec /F (list.txt) /EF << /F 9 0 R >> >>',
    stream('/Type /EmbeddedFile', Buffer.from(`written by ${who}`)),
  ];
  const parts = [Buffer.from('%PDF-1.7\n')];
  const places = [];
  let at = parts[0].length;
  const add = (part) => { parts.push(part); at += part.length; };
  objects.forEach((object, i) => { places.push(at); add(Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')])); });
  const table = at;
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  add(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer << /Size ${objects.length + 1} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${table}\n%%EOF\n`));
  fs.writeFileSync(file, Buffer.concat(parts));
  return file;
}

// What exiftool finds, but for what it says of the file system and of its own.
export function tags(file) {
  const [found] = JSON.parse(spawnSync('exiftool', ['-j', '-a', '-u', '-ee', '-G1', file], { encoding: 'utf8' }).stdout); // exit 1: a type without tags
  return Object.fromEntries(Object.entries(found).filter(([name]) => !/^(System|ExifTool|SourceFile)/.test(name)));
}
// Names of tags that place, name or date a person or a device.
export const telling = (file) => Object.keys(tags(file)).filter((name) => /GPS|Make|Model|Serial|Artist|Creator|Author|By-line|Comment|DateTimeOriginal|Title|Producer|Thumbnail|Location|^XMP/i.test(name));
// Traces in the bytes, whatever a reader makes of them.
export const traces = (file) => [who, device, 'SN20261126'].filter((text) => fs.readFileSync(file).includes(text));
// MD5 of all pictures and sound, decoded (or of the packets as they are).
export function decoded(file, { packets = false } = {}) {
  return execFileSync('ffmpeg', ['-v', 'error', '-noautorotate', '-i', file, '-map', '0:v?', '-map', '0:a?', ...(packets ? ['-c', 'copy'] : []), '-f', 'md5', '-'], { ...quiet, encoding: 'utf8' }).trim();
}

// Runs the program as the gateway does; gives its exit status, or the signal that ended it.
export function strip(program, type, from, to) {
  const input = fs.openSync(from, 'r');
  fs.writeFileSync(to, '');
  const output = fs.openSync(to, 'r+');
  const done = spawnSync(program, [type], { stdio: [input, output, 'pipe'], timeout: 240000 });
  fs.closeSync(input);
  fs.closeSync(output);
  return done.status ?? done.signal;
}
export const inFolder = (folder) => (name) => path.join(folder, name);
