// What is said of a store, from the status file and from what the tool tells: values in, texts out. A test loads this
// without a client. Whatever the file or the tool holds, nothing is thrown.
import { createHash } from "node:crypto"
import { readFileSync, statSync } from "node:fs"

const MOST = 1 << 20 // a status file is some kilobytes; another is none of ours

export function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB", "TB"]
  let value = Number.isFinite(bytes) ? Math.abs(bytes) : 0
  let at = 0
  while (value >= 1000 && at < units.length - 1) (value /= 1000), at++
  return `${bytes < 0 ? "-" : ""}${at ? value.toFixed(1) : Math.round(value)} ${units[at]}`
}

export const many = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`

/** A moment in ms as a day and a minute, local time. */
export function day(moment) {
  const at = new Date(moment)
  if (Number.isNaN(at.getTime())) return ""
  const two = (number) => String(number).padStart(2, "0")
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** How long ago a moment is, in the largest unit. */
export function ago(moment, now = Date.now()) {
  const minutes = Math.max(0, (now - moment) / 60_000)
  if (!Number.isFinite(minutes)) return ""
  if (minutes < 60) return `${Math.round(minutes)} min ago`
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h ago`
  return `${Math.round(minutes / 1440)} days ago`
}

/** One line of a terminal, whatever a title holds. */
export function line(text, most = 200) {
  const shown = String(text ?? "").replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim()
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown
}

/** What the last run said of a store; undefined where there is nothing to be read. */
export function status(file, store) {
  try {
    if (statSync(file).size > MOST) return undefined
    const found = JSON.parse(readFileSync(file, "utf8"))?.stores
    const one = store ? found?.[store] : Object.values(found ?? {})[0]
    return one && typeof one === "object" ? one : undefined
  } catch {
    return undefined
  }
}

/** What there is to tell: each with a key, by which it is told once, and what a toast takes. */
export function news(found) {
  const told = []
  for (const text of Array.isArray(found?.warnings) ? found.warnings : [])
    told.push(note("warning", text, `${line(text, 400)} Or see /sessions-stats.`))
  const gone = found?.evicted
  if (gone?.sessions > 0)
    told.push(note("info", gone.moment, `Removed by your policy: ${many(gone.sessions, "session")}, ${size(gone.bytes)}; an ` +
      `export has them. /sessions-restore brings them back${gone.undo ? `, or: ${line(gone.undo)}` : "."}`))
  const coming = found?.announced
  if (coming?.sessions > 0)
    told.push(note("warning", coming.due, `From ${day(coming.due)} on your policy removes ${many(coming.sessions, "session")}, ` +
      `${size(coming.bytes)}; they are exported first. /sessions-prune shows which.`))
  return told
}

function note(variant, what, message) {
  const key = `told-${createHash("sha256").update(String(what)).digest("hex").slice(0, 24)}`
  return { key, toast: { variant, title: "Session store", message, duration: 15_000 } }
}

/** A store in one line: its size, and what comes in a day. */
export function short(found) {
  if (!Number.isFinite(found?.file_bytes)) return ""
  return size(found.file_bytes) + (found.per_day > 0 ? `, ${size(found.per_day)} a day` : "")
}

/** The rows above the trees of /sessions-stats. */
export function about(stats, found) {
  const file = stats?.file ?? {}
  const rows = [["File", size(file.bytes)]]
  if (file.wal_bytes) rows.push(["Its log (WAL)", size(file.wal_bytes)])
  if (file.free_bytes) rows.push(["Free inside", size(file.free_bytes)])
  rows.push(["Growth", found?.per_day > 0 ? `${size(found.per_day)} a day` : "not known yet"])
  if (stats?.bytes?.event) rows.push(["Event log", size(stats.bytes.event)])
  const spare = Object.values(stats?.reclaimable ?? {}).reduce((sum, one) => sum + (one?.bytes ?? 0), 0)
  if (spare) rows.push([`Could be reclaimed, as seen ${day(stats.deep)}`, size(spare)])
  return rows
}

/** What a dry run said, as rows: the tree, why it goes, its size. */
export function going(plan) {
  return (plan?.remove ?? []).map((one) => ({
    title: line(one.title || one.root),
    description: line(one.why || one.reason),
    footer: size(one.bytes),
    value: one.root,
  }))
}

/** Runs that can be taken back, the newest first. */
export function undoable(past) {
  return (past?.runs ?? []).filter((one) => one?.can_undo).reverse()
}
