// For clients without a screen of ours (`run`, `serve`, web, desktop): once a session goes idle, enforce the policy, at
// most once in so many hours over all clients of this machine, and let go of the run. Listed in opencode.json or
// opencode.jsonc by `install --server`, with the options of tui.js.
//
// The desktop client runs this under Node: nothing of Bun's, and no `$`.
import { claim, run } from "./once.js"

const HOUR = 3_600_000
const WORK = 4 * 3600 // seconds

const server = async (_, options) => {
  const { tool, store, folder, hours = 24 } = options ?? {}
  if (!Array.isArray(tool) || !tool.length || typeof folder !== "string") return {}
  const words = [...tool, "enforce", ...(store ? [`--store=${store}`] : []), "--json"]
  return {
    // The client does not wait for this; but a throw would keep the event from everybody else.
    event: async ({ event }) => {
      try {
        if (event?.type !== "session.idle" || !claim(folder, hours * HOUR)) return
        run(words, { folder, name: "enforce", limit: WORK, low: true, keep: true }, () => {})
      } catch {}
    },
  }
}

export default { id: "opencode-lifecycle-server", server }
