// What the platform reports may tell who informed (Order 121 Art. 37), so such a message waits for a named person (待释放). Here
// that person decides as soon as it waits.
//   admin(what, body)  asks the gateway's admin interface; gives {status, body}
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

export async function release(admin, exchange, decision = {}, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  let asked; // the task whose release got no answer: the gateway may have ended before or after it took effect
  for (;;) {
    const listed = await admin('tasks?queue=release&limit=1000').catch(() => undefined);
    const task = listed?.body?.tasks?.find((one) => one.exchange === exchange);
    if (task) {
      const answer = await admin(`tasks/${task.task}/release`, { actor: '周释放', reason: '已核对，可以提供', as: 'without', ...decision }).catch(() => undefined);
      if (answer?.status === 200) return task;
      if (answer && answer.status < 500) throw new Error(`release of task ${task.task} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      asked = task;
    } else if (asked && listed?.body?.tasks) {
      return asked;
    }
    if (Date.now() > end) throw new Error(`nothing of ${exchange} waits for its release`);
    await pause(50);
  }
}

// Has the platform tell a clue, and a person release it.
export async function tellClue(ctx, body) {
  const told = await ctx.platform('state', body);
  if (told.status === 202 && body.content) await ctx.release(JSON.parse(told.body).entry.exchange);
  return told;
}
