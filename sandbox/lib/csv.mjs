// CSV (RFC 4180) for the stand-ins.
const field = (value, separator) => (/["\r\n]/.test(value) || value.includes(separator) ? `"${value.replaceAll('"', '""')}"` : value);
export const write = (rows, separator = ',') => rows.map((row) => `${row.map((value) => field(String(value ?? ''), separator)).join(separator)}\r\n`).join('');

export function read(text) {
  const rows = [[]];
  let cell = '';
  let quoted = false;
  const put = () => { rows.at(-1).push(cell); cell = ''; };
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') { cell += c; i += 1; } else quoted = false;
    } else if (c === '"' && cell === '') quoted = true;
    else if (c === ',') put();
    else if (c === '\n') { put(); rows.push([]); } else if (c !== '\r') cell += c;
  }
  if (cell !== '' || rows.at(-1).length > 0) put();
  if (rows.at(-1).length === 0) rows.pop();
  return rows;
}
