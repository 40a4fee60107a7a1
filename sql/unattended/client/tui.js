// opencode-lifecycle inside the terminal client 1.x. Listed in tui.json or tui.jsonc by `install`, with options:
//   tool    the words by which the tool is called, by absolute path
//   store   the store it works on; status  its status file; folder  where our own small files lie
//   hours   enforce the policy at most once in so many hours over all clients of this machine (24)
//   limit   seconds that a look may take (120); work on the store has four hours
//
// The client waits for nothing here: `tui` returns at once, the tool runs as a child with its output in a file, and
// where it is missing, fails, hangs or says what nobody understands, the client goes on as if we were not there.
import { createElement, insert, setProp } from "@opentui/solid"
import { createSignal } from "solid-js"
import { about, ago, day, going, line, many, news, short, size, status, undoable } from "./facts.js"
import { claim, first, run } from "./once.js"

const HOUR = 3_600_000
const WORK = 4 * 3600 // seconds; what was done by then stays done, and the next run goes on
const TITLE = "Session store"
const UNDONE = "/sessions-restore brings them back."
const CHOICES = [
  ["What your policy removes", []],
  ["Not active for 30 days", ["--days=30"]],
  ["Not active for 90 days", ["--days=90"]],
  ["Not active for a year", ["--days=365"]],
  ["All but the newest 100", ["--keep=100"]],
  ["Single trees larger than 100 MB", ["--larger-than=100MB"]],
]

const tui = async (api, options) => {
  const { tool, store, status: file, folder, hours = 24, limit = 120 } = options ?? {}
  if (!Array.isArray(tool) || !tool.length || typeof folder !== "string") return
  const command = (verb, ...words) => [...tool, verb, ...words, ...(store ? [`--store=${store}`] : []), "--json"]
  const [facts, setFacts] = createSignal()
  const timers = new Set()
  const later = (ms, what) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      quietly(what)
    }, ms)
    timers.add(timer)
  }
  const toast = (variant, message) => api.ui.toast({ variant, title: TITLE, message, duration: 10_000 })

  // --- what happened, and the policy ---------------------------------------------------------------------------------

  const tell = () => {
    const found = status(file, store)
    setFacts(found)
    news(found)
      .filter((one) => first(folder, one.key))
      .forEach((one, at) => later(at * 16_000, () => api.ui.toast(one.toast)))
  }
  const enforce = () =>
    quietly(() => {
      if (claim(folder, hours * HOUR)) run(command("enforce"), { folder, name: "enforce", limit: WORK, low: true, keep: true }, tell)
    })

  // --- dialogs -------------------------------------------------------------------------------------------------------

  const show = (render, { wide = false, closed } = {}) => {
    api.ui.dialog.replace(render, closed)
    api.ui.dialog.setSize(wide ? "large" : "medium")
  }
  const alert = (title, message) => show(() => api.ui.DialogAlert({ title, message }))
  const list = (title, placeholder, options, onSelect) =>
    show(() => api.ui.DialogSelect({ title, placeholder, options, onSelect: (one) => quietly(() => onSelect(one.value)) }), { wide: true })
  // What is confirmed runs once the client has closed the question.
  const confirm = (title, message, then) =>
    show(() => api.ui.DialogConfirm({ title, message, onConfirm: () => later(0, then) }))
  const open = (id) => {
    api.ui.dialog.clear()
    api.route.navigate("session", { sessionID: id })
  }

  /** Ask the tool something that changes nothing; closing the dialog ends the question. */
  const look = (title, words, then) => {
    let waiting = true
    let stop = () => {}
    const closed = () => {
      waiting = false
      stop()
    }
    show(() => api.ui.DialogAlert({ title, message: "Reading the store ..." }), { closed })
    stop = run(words, { folder, limit }, (value, code, said) => {
      if (!waiting) return
      waiting = false
      if (!value || code) return alert(title, line(said, 500) || `No answer from ${tool[0]}.`)
      try {
        then(value)
      } catch {
        alert(title, "The tool gave an answer that is not understood here; run its verb install again.")
      }
    })
  }
  /** Have the tool change the store, whatever becomes of the dialog, and say how it ended. */
  const work = (words, saying, said) => {
    toast("info", saying)
    run(words, { folder, limit: WORK }, (value, code, sentence) => {
      if (value && code === 0) toast("success", said(value))
      else toast("error", line(sentence, 400) || `No answer from ${tool[0]}; nothing is known to have changed.`)
    })
  }

  // --- commands ------------------------------------------------------------------------------------------------------

  const stats = () =>
    look(TITLE, command("stats", "--top=50"), (found) => {
      const now = status(file, store)
      const rows = about(found, now).map(([title, footer]) => ({ title, footer, value: "", category: "The store" }))
      const trees = found.largest.map((one) => ({
        title: line(one.title || one.id),
        description: many(one.sessions, "session"),
        footer: size(one.bytes),
        value: one.id,
        category: "The largest trees; Enter opens one",
      }))
      const title = `${size(found.file.bytes)}, ${many(found.sessions.total, "session")}`
      list(title, "Search", [...rows, ...trees], (id) => id && open(id))
    })

  const prune = () =>
    list("What is to go? Nothing is removed yet", "Search", CHOICES.map(([title, value]) => ({ title, value })), (flags) =>
      look("Prune", command("prune", ...flags, "--dry-run"), (plan) => shown(plan, flags)),
    )
  const shown = (plan, flags) => {
    const { trees, sessions, bytes } = plan.totals
    if (!trees) return alert("Nothing to remove", line(plan.policy, 600))
    const what = `${many(sessions, "session")} in ${many(trees, "tree")}, ${size(bytes)}`
    const ask = () =>
      confirm(`Remove ${many(sessions, "session")}?`, `${what}. They are exported first, and the export is read back. ${UNDONE}`, () =>
        work(command("prune", ...flags, `--now=${plan.now}`, "--yes"), `Removing ${what} ...`, removed),
      )
    const rows = [
      { title: `Remove ${what} ...`, value: "", category: line(String(plan.policy).split(";")[0], 80) },
      ...going(plan).map((one) => ({ ...one, category: "Goes, the oldest first; Enter opens one" })),
    ]
    list("Prune: nothing is removed yet", "Search", rows, (id) => (id ? open(id) : ask()))
  }
  const removed = (told) => {
    const here = api.route.current.name === "session" && api.route.current.params?.sessionID
    if (told.remove.some((one) => one.sessions.includes(here))) api.route.navigate("home")
    const { sessions, freed_bytes: freed } = told.applied
    return `Removed ${many(sessions, "session")}; ${size(freed)} became free inside the store. ${UNDONE}`
  }

  const archive = () => {
    const answer = api.client.session.list({ roots: true, limit: 500 })
    const failed = () => alert("Archive", "The client did not say which sessions there are.")
    Promise.resolve(answer).then((found) => (Array.isArray(found?.data) ? archivable(found.data) : failed()), failed).catch(() => {})
  }
  const archivable = (sessions) => {
    const rows = (of, category) =>
      of.map((one) => ({ title: line(one.title || one.id), footer: ago(one.time.updated), value: one, category }))
    const idle = [...sessions].sort((a, b) => a.time.updated - b.time.updated)
    const options = [
      ...rows(idle.filter((one) => !one.time.archived), "Enter archives one; idle for longest first"),
      ...rows(idle.filter((one) => one.time.archived), "Archived; Enter takes one out again"),
    ]
    if (!options.length) return alert("Archive", "There is no session in this project.")
    list("Archive: it sets the client's flag and frees nothing", "Search", options, (one) => {
      api.ui.dialog.clear()
      const verb = one.time.archived ? "unarchive" : "archive"
      const title = line(one.title || one.id, 60)
      work(command(verb, `--session=${one.id}`, "--yes"), `${title} ...`, () => `${verb === "archive" ? "Archived" : "No longer archived"}: ${title}`)
    })
  }

  const restore = () =>
    look("Restore", command("history"), (past) => {
      const runs = undoable(past)
      if (!runs.length) return alert("Restore", "No run of the tool can be taken back.")
      const options = runs.map((one) => ({
        title: `${day(one.started)}  ${one.verb}, ${many(one.sessions || 0, "session")}`,
        description: line(one.sentence, 80),
        footer: `run ${one.id}`,
        value: one,
      }))
      list("What shall come back?", "Search", options, (one) => (one.sessions && one.export && !one.source ? inside(one) : whole(one)))
    })
  const inside = (past) =>
    look("Restore", [...tool, "restore", past.export, "--list", "--json"], (held) => {
      const trees = held.filter((one) => one.root === one.session).map((one) => ({
        title: line(one.title || one.session),
        footer: ago(one.last_active),
        value: one,
        category: "Only one tree",
      }))
      const all = { title: `All of it: ${many(held.length, "session")}`, value: "", category: `Run ${past.id}` }
      list("What shall come back?", "Search", [all, ...trees], (one) => (one ? tree(past, one) : whole(past)))
    })
  const whole = (past) =>
    confirm(`Take run ${past.id} back?`, `${past.verb} of ${day(past.started)}. ${line(past.sentence, 300)}`, () =>
      work(command("undo", `--run=${past.id}`, "--yes"), `Taking run ${past.id} back ...`, () => `Run ${past.id} is taken back.`),
    )
  const tree = (past, one) =>
    confirm("Bring this tree back?", `${line(one.title, 100)} (${one.session}), as it was exported.`, () =>
      work(command("restore", past.export, `--session=${one.session}`, "--yes"), `${line(one.title, 60)} ...`, (told) => `${many(told.sessions?.length ?? told.sessions, "session")} came back.`),
    )

  // --- what the client calls -----------------------------------------------------------------------------------------

  api.keymap.registerLayer({
    commands: [
      { slashName: "sessions-stats", title: "Session store: sizes and largest trees", run: stats },
      { slashName: "sessions-prune", title: "Session store: remove old sessions", run: prune },
      { slashName: "sessions-archive", title: "Session store: archive a session", run: archive },
      { slashName: "sessions-restore", title: "Session store: bring back what was removed", run: restore },
    ].map((one) => ({ ...one, name: `lifecycle.${one.slashName}`, category: "Sessions", namespace: "palette", run: () => quietly(one.run) })),
  })
  api.slots.register({ order: 450, slots: { sidebar_content: () => sidebar(api, facts) } })
  later(3_000, tell) // after the first screen
  const unlisten = api.event.on("session.idle", enforce)
  api.lifecycle.onDispose(() => {
    unlisten()
    for (const timer of timers) clearTimeout(timer)
  })
}

function quietly(what) {
  try {
    what()
  } catch {}
}

function sidebar(api, facts) {
  const box = createElement("box")
  const text = (value, color) => {
    const node = createElement("text")
    insert(node, value)
    setProp(node, "fg", color)
    insert(box, node)
  }
  text(TITLE, api.theme.current.text)
  text(() => short(facts()) || "/sessions-stats", api.theme.current.textMuted)
  return box
}

export default { id: "opencode-lifecycle", tui }
