// Runs of the tool: once in so many hours over all clients, away from the client that started one. A test loads this
// without a client. Only modules of Node's are used: the desktop client has nothing else.
import { spawn } from "node:child_process"
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const STALE = 60_000 // ms after which a lock is one that a killed client left
const KEPT = 90 * 86_400_000 // ms for which it is remembered what was told

// The time limit goes with the run: the client may end long before it. `sleep` is the clock. What ends first ends the
// other, and once the time is up all of the group goes. What the shell says of that is nobody's.
const LIMITED = `exec 3>&2 2>/dev/null; sleep "$1" 3>&- & clock=$!; shift
{ "$@" 2>&3 3>&-; code=$?; kill "$clock"; exit "$code"; } & work=$!
if wait "$clock"; then kill -KILL 0; fi
wait "$work"`

/** Run a command with its output in a file; calls `done` with its JSON and exit code once it has ended. The value is
 * undefined where there is none: no such program, no JSON, the limit, no folder. Nothing is thrown.
 *
 * It has a group of its own and no pipe: a client that ends, or whose terminal is closed, does not end it. With `low`
 * it makes way for everything else. Returns what ends it early, for a look that nobody waits for any more. */
export function run(command, { folder, name = `run-${process.pid}-${Date.now()}`, limit = 60, low = false, keep = false }, done) {
  const out = join(folder, `${name}.json`)
  const talk = join(folder, `${name}.log`)
  let ended = false
  const finish = (code) => {
    if (ended) return
    ended = true
    let value
    let said = ""
    try {
      said = readFileSync(talk, "utf8").trim()
      value = JSON.parse(readFileSync(out, "utf8"))
    } catch {}
    if (!keep) for (const file of [out, talk]) remove(file)
    try {
      done(value, code, code === 127 ? "" : said.split("\n").at(-1)) // what a shell says of a missing program is its own
    } catch {}
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const files = [out, talk].map((file) => openSync(file, "w", 0o600))
    const posix = process.platform !== "win32"
    const words = posix ? ["/bin/sh", "-c", LIMITED, "sh", String(limit), ...(low ? ["nice", "-n", "15"] : []), ...command] : command
    const child = spawn(words[0], words.slice(1), { detached: true, stdio: ["ignore", ...files], windowsHide: true })
    for (const file of files) closeSync(file)
    const stop = () => {
      if (child.exitCode !== null || child.signalCode !== null || !child.pid) return // its number may be another's by now
      try {
        if (posix) process.kill(-child.pid, "SIGKILL")
        else child.kill()
      } catch {}
    }
    const clock = setTimeout(stop, limit * 1000 + 1000)
    child.once("error", () => (clearTimeout(clock), finish(-1)))
    child.once("exit", (code) => (clearTimeout(clock), finish(code ?? -1)))
    child.unref()
    clock.unref()
    return stop
  } catch {
    setTimeout(finish, 0, -1)
    return () => {}
  }
}

/** True for one client in `every` ms. The stamp is set before the run, so a broken tool is not tried at each start. */
export function claim(folder, every, now = Date.now()) {
  const stamp = join(folder, "enforced")
  const lock = join(folder, "lock")
  const due = () => {
    const age = now - changed(stamp)
    return Number.isNaN(age) || age >= every || age < -STALE // a clock that jumped back does not silence us for long
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!due()) return false
    if (!first(folder, "lock")) {
      if (now - changed(lock) > STALE) remove(lock) // left by a client that was killed here; the next event takes it
      return false
    }
    try {
      if (!due()) return false
      writeFileSync(stamp, "", { mode: 0o600 })
      utimesSync(stamp, now / 1000, now / 1000)
      sweep(folder, now)
      return true
    } finally {
      remove(lock)
    }
  } catch {
    return false
  }
}

/** True for whoever makes the file of that name first: one client tells a piece of news, the others do not. */
export function first(folder, name) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    closeSync(openSync(join(folder, name), "wx", 0o600))
    return true
  } catch {
    return false
  }
}

// Output of runs that outlived their client, and what was told long ago.
function sweep(folder, now) {
  for (const name of readdirSync(folder)) {
    const age = now - changed(join(folder, name))
    if ((name.startsWith("run-") && age > 86_400_000) || (name.startsWith("told-") && age > KEPT)) remove(join(folder, name))
  }
}

function changed(file) {
  try {
    return statSync(file).mtimeMs
  } catch {
    return NaN
  }
}

function remove(file) {
  try {
    rmSync(file, { force: true })
  } catch {}
}
