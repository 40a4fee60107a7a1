// What the plugin shares, without a client: node --test
import assert from "node:assert"
import { spawn } from "node:child_process"
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import test from "node:test"

const here = new URL("../../sql/unattended/client/", import.meta.url)
const { claim, first, run } = await import(new URL("once.js", here))
const { about, ago, going, line, news, short, size, status, undoable } = await import(new URL("facts.js", here))

const HOUR = 3_600_000
const fresh = () => mkdtempSync(join(process.env.TMPDIR ?? tmpdir(), "once-"))
const script = (body) => {
  const file = join(fresh(), "tool")
  writeFileSync(file, `#!/bin/sh\n${body}\n`)
  chmodSync(file, 0o755)
  return [file]
}
const awake = async (what) => {
  const clock = setInterval(() => {}, 1000) // the child is let go of, and nothing else would keep the test alive
  try {
    return await what
  } finally {
    clearInterval(clock)
  }
}
const pause = (ms) => awake(new Promise((done) => setTimeout(done, ms)))
const until = async (so) => {
  for (let n = 0; n < 300 && !so(); n++) await pause(100)
  assert(so())
}
const written = (file) => existsSync(file) && readFileSync(file, "utf8").endsWith("\n")
const result = (command, more = {}) => awake(new Promise((done) => run(command, { folder: fresh(), ...more }, (...told) => done(told))))
const alive = (pid) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))
  } catch {
    return false
  }
}

test("one of eight processes is the one", async () => {
  const folder = fresh()
  const code = `import { claim } from "${new URL("once.js", here)}"; process.stdout.write(String(claim(${JSON.stringify(folder)}, ${HOUR})))`
  const one = () =>
    new Promise((done) => {
      const child = spawn(process.execPath, ["--input-type=module", "-e", code])
      let out = ""
      child.stdout.on("data", (more) => (out += more))
      child.on("close", () => done(out))
    })
  const said = await Promise.all(Array.from({ length: 8 }, one))
  assert.deepEqual(said.sort(), [...Array(7).fill("false"), "true"])
})
test("again after the hours, and after a clock that jumped back", () => {
  const folder = fresh()
  const now = Date.now()
  assert(claim(folder, HOUR, now))
  assert(!claim(folder, HOUR, now + HOUR - 1000))
  assert(claim(folder, HOUR, now + HOUR + 1000))
  assert(claim(folder, HOUR, now - 48 * HOUR))
})
test("a lock left behind delays by one event", () => {
  const folder = fresh()
  writeFileSync(join(folder, "lock"), "")
  assert(!claim(folder, HOUR))
  utimesSync(join(folder, "lock"), 1, 1)
  assert(!claim(folder, HOUR))
  assert(claim(folder, HOUR))
})
test("where nothing can be written, nothing runs", async () => {
  assert(!claim("/dev/null/x", HOUR))
  assert(!first("/dev/null/x", "told-1"))
  assert.equal((await result(script("echo 1"), { folder: "/dev/null/x" }))[0], undefined)
})
test("news is told once, and forgotten after months", () => {
  const folder = fresh()
  assert(first(folder, "told-1"))
  assert(!first(folder, "told-1"))
  utimesSync(join(folder, "told-1"), 1, 1)
  assert(claim(folder, HOUR))
  assert(first(folder, "told-1"))
})
test("JSON, the code and the last words come back, and no file stays", async () => {
  const folder = fresh()
  const told = await result(script(`echo '{"a":1}'; echo first >&2; echo last >&2; exit 3`), { folder })
  assert.deepEqual(told, [{ a: 1 }, 3, "last"])
  assert.deepEqual(readdirSync(folder), [])
})
test("what is kept is found under its name", async () => {
  const folder = fresh()
  await result(script("echo '{}'"), { folder, name: "enforce", keep: true, low: true })
  assert.deepEqual(readdirSync(folder).sort(), ["enforce.json", "enforce.log"])
})
test("missing, failing, garbage and nothing are no value", async () => {
  for (const one of [["/nonexistent/tool"], script("exit 1"), script("head -c 99999 /dev/urandom"), script(":")]) {
    const [value] = await result(one)
    assert.equal(value, undefined)
  }
})
test("arguments reach the tool as they are", async () => {
  const [value] = await result([...script(`printf '["%s"]' "$2"`), "-x", "a b $HOME *"])
  assert.deepEqual(value, ["a b $HOME *"])
})
test("a hanging tool ends with its limit, and all that it started", { skip: !existsSync("/proc/self") }, async () => {
  const folder = fresh()
  const begun = Date.now()
  const [value, code] = await result(script(`sleep 1000 & echo $! > ${folder}/pid; sleep 1000`), { limit: 3 })
  assert.equal(value, undefined)
  assert.notEqual(code, 0)
  assert(Date.now() - begun < 60_000)
  await until(() => !alive(Number(readFileSync(join(folder, "pid"), "utf8"))))
})
test("the limit holds when the client is gone, and the work goes on until then", { skip: !existsSync("/proc/self") }, async () => {
  const folder = fresh()
  const tool = script(`echo $$ > ${folder}/pid; sleep 1000`)
  const code = `import { run } from "${new URL("once.js", here)}"; run(${JSON.stringify(tool)}, { folder: ${JSON.stringify(folder)}, limit: 5 }, () => {}); setTimeout(() => process.exit(), 300)`
  await new Promise((done) => spawn(process.execPath, ["--input-type=module", "-e", code]).on("close", done))
  await until(() => written(join(folder, "pid")))
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"))
  assert(alive(pid))
  await until(() => !alive(pid))
})
test("a look that nobody waits for is ended", { skip: !existsSync("/proc/self") }, async () => {
  const folder = fresh()
  let stop
  const told = new Promise((done) => (stop = run(script(`echo $$ > ${folder}/pid; sleep 1000`), { folder }, done)))
  await until(() => written(join(folder, "pid")))
  stop()
  assert.equal(await awake(told), undefined)
  await until(() => !alive(Number(readFileSync(join(folder, "pid"), "utf8"))))
})
test("sizes, times and titles as people read them", () => {
  assert.deepEqual([0, 999, 1000, 130_200_000, 1.2e12, undefined].map(size), ["0 bytes", "999 bytes", "1.0 kB", "130.2 MB", "1.2 TB", "0 bytes"])
  assert.deepEqual([30, 120, 96 * 60].map((minutes) => ago(0, minutes * 60_000)), ["30 min ago", "2 h ago", "4 days ago"])
  assert.equal(line("a\nb\u001b[31m\u202ec"), "a b [31m c")
  assert.equal(line("x".repeat(300)).length, 200)
})

const FOUND = {
  moment: 1, file_bytes: 130_200_000, per_day: 2_000_000, warnings: ["The store takes 130.2 MB."],
  evicted: { run: 7, sessions: 12, bytes: 3_000_000, moment: 5, undo: "opencode-lifecycle undo --run=7" },
  announced: { due: 1_800_000_000_000, trees: 1, sessions: 2, bytes: 1000 },
}
test("news says what happened and how to take it back", () => {
  const told = news(FOUND)
  assert.deepEqual(told.map((one) => one.toast.variant), ["warning", "info", "warning"])
  assert.match(told[1].toast.message, /12 sessions, 3\.0 MB.*\/sessions-restore.*undo --run=7/)
  assert.match(told[2].toast.message, /2027-01-.*2 sessions.*\/sessions-prune/)
  assert.equal(new Set(told.map((one) => one.key)).size, 3)
  assert.equal(news({ ...FOUND, moment: 2 })[0].key, told[0].key) // the same warning of a later run is no news
  assert.equal(short(FOUND), "130.2 MB, 2.0 MB a day")
})
test("a status file of any content is harmless", () => {
  const file = join(fresh(), "status.json")
  assert.equal(status(file, "/s"), undefined)
  for (const text of ["", "garbage", "[]", "null", "{}", '{"stores": 5}', '{"stores": {"/s": 5}}', '{"stores": {"/other": {}}}', '"' + "x".repeat(2 << 20) + '"']) {
    writeFileSync(file, text)
    assert.equal(status(file, "/s"), undefined, text.slice(0, 30))
    assert.deepEqual(news(status(file, "/s")), [])
    assert.equal(short(status(file, "/s")), "")
  }
  for (const one of [{}, { warnings: 5 }, { evicted: true, announced: "x" }, { warnings: [null, {}] }]) news(one)
  writeFileSync(file, JSON.stringify({ stores: { "/s": FOUND } }))
  assert.deepEqual(status(file, "/s"), FOUND)
})
test("what the tool tells becomes rows", () => {
  assert.deepEqual(going({ remove: [{ root: "ses_1", title: "t", bytes: 1000, reason: "age", why: "idle for 40 days" }] }), [
    { title: "t", description: "idle for 40 days", footer: "1.0 kB", value: "ses_1" },
  ])
  assert.deepEqual(going(undefined), [])
  assert.deepEqual(undoable({ runs: [{ id: 1, can_undo: true }, { id: 2 }, { id: 3, can_undo: true }] }).map((one) => one.id), [3, 1])
  assert.deepEqual(about({ file: { bytes: 1000, free_bytes: 10 }, deep: 1e12, reclaimable: { events: { bytes: 5 } } }, FOUND).map(([what]) => what.split(",")[0]), ["File", "Free inside", "Growth", "Could be reclaimed"])
  about(undefined, undefined)
})
