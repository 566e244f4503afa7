// Free text, per core: the finders of numbers and of what the record knows, and all of them with the network for names –
// each sentence through the network, and as the gateway runs, which remembers sentences –
// against jieba's part-of-speech tagger (whose `nr` are names of persons) on the same texts in the same run. Presidio has
// no model for Chinese of its own and is measured where Python has it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

// Complaints that differ, so that none was seen before. The same with every run.
function texts(count) {
  let state = 20261126;
  const pick = (list) => { state = (state * 1103515245 + 12345) % 2147483648; return list[Math.floor((state / 2147483648) * list.length)]; };
  const number = (digits) => Array.from({ length: digits }, () => pick('0123456789')).join('');
  const families = [...'王李张刘陈杨赵黄周吴徐孙马朱胡郭何林罗高'];
  const given = [...'伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建文辉'];
  const goods = ['电饭煲', '手机', '洗衣机', '自行车', '奶粉', '运动鞋', '空调', '书桌', '护肤品', '汽车轮胎'];
  const places = ['超市', '专卖店', '菜市场', '药店', '餐馆', '网店', '家电城'];
  const name = () => pick(families) + pick(given) + (pick([0, 1]) ? pick(given) : '');
  const sentences = [
    () => `消费者于${1 + Number(number(1))}月${1 + Number(number(1))}日在某${pick(places)}购买了一台${pick(goods)}，使用${2 + Number(number(1))}天后出现故障，多次联系商家均未得到处理。`,
    () => `商家称${pick(goods)}已超过退货期限，只同意维修，消费者认为该行为侵犯了自己的合法权益。`,
    () => `要求商家退还货款${number(3)}元并赔偿损失，订单编号${number(20)}。`,
    () => `店员${name()}态度恶劣，店主${name()}拒绝退款。`,
    () => `联系人${name()}，电话138${number(8)}，希望尽快回复。`,
    () => `${pick(places)}环境卫生较差，货架上的${pick(goods)}没有生产日期，请有关部门核查。`,
  ];
  return Array.from({ length: count }, () => Array.from({ length: 2 + Number(number(1)) % 5 }, () => pick(sentences)()).join(''));
}

const tagger = `
import json, sys, time
import jieba.posseg
jieba.initialize()
texts = [json.loads(line)['text'] for line in open(sys.argv[1], encoding='utf-8')]
start = time.process_time()
names = sum(1 for text in texts for word in jieba.posseg.cut(text) if word.flag == 'nr')
print(json.dumps({'seconds': time.process_time() - start, 'names': names}))
`;

const presidio = `
import json, sys, time
from presidio_analyzer import AnalyzerEngine
engine = AnalyzerEngine()
texts = [json.loads(line)['text'] for line in open(sys.argv[1], encoding='utf-8')]
start = time.process_time()
for text in texts: engine.analyze(text=text, language='en')
print(json.dumps({'seconds': time.process_time() - start}))
`;

// Debian's jieba belongs to Debian's Python; Presidio to the one that people install into.
function python(interpreter, program, file) {
  const { status, stdout } = spawnSync(interpreter, ['-c', program, file], { encoding: 'utf8', timeout: 600000 });
  return status === 0 ? JSON.parse(stdout.trim().split('\n').at(-1)) : null;
}

function finders(tool, name) {
  const run = spawnSync(tool('bench_privacy_scan'), ['--benchmark_format=json', `--benchmark_filter=^${name}$`], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`bench_privacy_scan: ${run.stderr}`);
  return JSON.parse(run.stdout).benchmarks[0].bytes_per_second / 1e6;
}

export function measureMask(folder, o, { tool, median, say }) {
  const file = path.join(folder, 'texts.jsonl');
  const all = texts(o.maskTexts);
  fs.writeFileSync(file, all.map((text) => `${JSON.stringify({ text })}\n`).join(''));
  const megabytes = all.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const rounds = { numbers: [], whole: [], remembered: [], jieba: [], ratio: [] };
  const names = (...options) => {
    const run = spawnSync(tool('bench_find_spans'), ['--time', ...options], { input: fs.readFileSync(file), encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`bench_find_spans: ${run.stderr}`);
    return Number.parseFloat(run.stdout);
  };
  for (let i = 1; i <= o.rounds; i += 1) {
    rounds.numbers.push(finders(tool, 'chinese_text/3'));
    rounds.whole.push(names('--forget'));
    rounds.remembered.push(names());
    const jieba = python('/usr/bin/python3', tagger, file);
    if (jieba === null) throw new Error('python3-jieba is missing');
    rounds.jieba.push(megabytes / jieba.seconds);
    rounds.ratio.push(rounds.whole.at(-1) / rounds.jieba.at(-1));
    say(`    round ${i}: numbers and record ${rounds.numbers.at(-1).toFixed(0)} MB/s, with names ${rounds.whole.at(-1).toFixed(2)} MB/s (sentences remembered ${rounds.remembered.at(-1).toFixed(2)}), jieba ${rounds.jieba.at(-1).toFixed(2)} MB/s`);
  }
  const other = python('python3', presidio, file);
  return { numbers: median(rounds.numbers), whole: median(rounds.whole), remembered: median(rounds.remembered), jieba: median(rounds.jieba), ratio: median(rounds.ratio), presidio: other === null ? null : megabytes / other.seconds };
}

export function maskRows(suite, m) {
  const rate = (n, digits) => `${n.toFixed(digits)} MB/s`;
  return [
    [suite, '(h) numbers and what the record knows, per core', rate(m.numbers, 0), '>= 150 MB/s', m.numbers >= 150 ? 'yes' : 'NO'],
    [suite, '(h) with names of third persons, per core, each sentence new', rate(m.whole, 2), '>= 0.3 MB/s', m.whole >= 0.3 ? 'yes' : 'NO'],
    [suite, '(h) the same, sentences seen before remembered', rate(m.remembered, 2), '', ''],
    [suite, '(h) jieba, part-of-speech tagger', rate(m.jieba, 2), '', ''],
    [suite, '(h) with names ÷ jieba, median of rounds', m.ratio.toFixed(2), '', ''],
    [suite, '(h) Presidio, its English model', m.presidio === null ? 'not installed' : rate(m.presidio, 2), '', ''],
  ];
}
