"""Which sessions an export holds, what a redacted one says, and how exports expire."""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import forests
import moments
import odd_values
from command import invoked, judge_by, refused
from exports_at_hand import *  # noqa: F403
from exports_at_hand import document
from forests import NOW, Recipe, Row, Session


def test_an_export_is_of_whole_trees_chosen_by_session_age_or_project(grove, tmp_path):
    def sessions(*flags):
        file = tmp_path / "e.json"
        file.unlink(missing_ok=True)
        invoked("export", f"--output={file}", *flags, f"--store={grove}")
        return [one["info"]["id"] for one in document(file)]

    assert sessions("--session=ses_0002_c") == ["ses_0002_a", "ses_0002_b", "ses_0002_c"]
    assert len(sessions("--older-than=30d", judge_by())) == 15
    assert len(sessions("--project=prj_a")) == 18 and sessions("--project=prj_b") == []
    refused(64, "export", f"--output={tmp_path}/e.txt", f"--store={grove}", says=".json.zst")
    refused(64, "export", f"--output={tmp_path}/f.json", "--session=ses_no", f"--store={grove}", says="ses_no")


def test_an_export_is_never_written_over_another(grove, tmp_path):
    (tmp_path / "e.json").write_text("mine")
    refused(64, "export", f"--output={tmp_path}/e.json", f"--store={grove}", says="exists already")
    assert (tmp_path / "e.json").read_text() == "mine"


def test_archive_with_an_output_names_the_verb_that_is_meant(grove):
    ran = invoked("archive", "--output=/tmp/x.json", f"--store={grove}", code=64)
    assert ran.sentence.endswith("invoke export --output=/tmp/x.json.")


def test_a_redacted_export_holds_nothing_that_was_written_and_is_not_restored(tmp_path):
    (tmp_path / "store").mkdir()
    said = "my secret plan"
    part = {"type": "tool", "tool": "bash", "callID": "call_1", "state": {
        "status": "completed", "input": {"command": said, "id": "hunter2", said: "x"}, "output": said, "title": said,
        "metadata": {"type": "hunter2", "sessionId": "ses_e08bc50f1ffeEjVqoN0steH3Gl"}, "time": {"start": 5, "end": 6}}}
    rows = [Row("message", {"id": "msg_a", "session_id": "ses_a", "data": odd_values.DONE}),
            Row("part", {"id": "prt_a", "message_id": "msg_a", "session_id": "ses_a", "data": json.dumps(part)}),
            Row("part", {"id": "prt_b", "message_id": "msg_a", "session_id": "ses_a", "data": said}),
            Row("todo", {"session_id": "ses_a", "content": said}),
            Row("session_share", {"session_id": "ses_a", "secret": "hunter2", "url": f"https://{said}"}),
            Row("event_sequence", {"aggregate_id": "ses_a"}),
            Row("event", {"aggregate_id": "ses_a", "type": "message.part.updated.1",
                          "data": json.dumps({"part": part})})]
    session = Session("ses_a", title=said, directory=f"/home/{said}", share_url=f"https://{said}",
                      columns={"metadata": json.dumps({"id": "hunter2"})})
    store = forests.build(Recipe([session], rows=rows), tmp_path / "store" / "opencode.db", "1.18.33")
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", "--redact", f"--store={store}")
    text = file.read_text()
    assert said not in text and "hunter2" not in text and "/home" not in text
    (one,) = document(file)
    state = one["messages"][0]["parts"][0]["state"]
    assert state["status"] == "completed" and state["time"] == {"start": 5, "end": 6}
    assert state["output"] == f"[redacted:output:{len(said)}]"
    assert state["metadata"]["sessionId"] == "ses_e08bc50f1ffeEjVqoN0steH3Gl"
    assert one["info"]["id"] == one["lifecycle"]["session"] and one["seal"]["rows"]["part"] == 2
    refused(64, "restore", file, f"--store={store}", says="redacted")


def test_a_redacted_export_keeps_only_words_of_the_client_and_ids_still_agree(tmp_path):
    """A word of one's own in every place: names of types, agents, models, tools, keys, ids, a column of a plugin's."""
    (tmp_path / "store").mkdir()
    part = {"type": "MARK", "tool": "MARK", "callID": "MARK", "agent": "MARK", "mime": "image/MARK", "MARK": 1, "x": {
        "MARK": "MARK"}, "state": {"status": "MARK", "input": {"MARK": 1, "phone": 5551234, "status": "completed"},
                                   "metadata": {"/home/MARK": 1, "id": "ses_MARK"}, "time": {"start": 7}}}
    data = {"role": "user", "agent": "MARK", "variant": "MARK", "tools": {"MARK": True}, "hash": "MARK",
            "model": {"providerID": "MARK", "modelID": "MARK"}, "system": "MARK", "format": {"type": "MARK"}}
    rows = [Row("message", {"id": "msg_MARK", "session_id": "ses_MARK", "data": json.dumps(data)}),
            Row("part", {"id": "prt_MARK", "message_id": "msg_MARK", "session_id": "ses_MARK",
                         "data": json.dumps(part)}),
            Row("part", {"id": "prt_MARK_stray", "message_id": "msg_gone", "session_id": "ses_MARK",
                         "data": "no json MARK"}),
            Row("todo", {"session_id": "ses_MARK", "content": "MARK", "status": "MARK", "priority": "MARK"}),
            Row("event_sequence", {"aggregate_id": "ses_MARK"}),
            Row("event", {"aggregate_id": "ses_MARK", "type": "MARK.1", "data": json.dumps({"MARK": part})})]
    store = forests.build(Recipe([Session("ses_MARK", title="MARK", directory="/MARK")], rows=rows),
                          tmp_path / "store" / "opencode.db", "1.18.33")
    con = sqlite3.connect(store)
    con.execute("ALTER TABLE session ADD COLUMN custom text")
    con.execute("UPDATE session SET custom = 'MARK', agent = 'MARK', model = '{\"id\": \"MARK\"}'")
    con.commit()
    con.close()
    file = tmp_path / "e.json"
    invoked("export", f"--output={file}", "--redact", f"--store={store}")
    text = file.read_text()
    assert "MARK" not in text and "5551234" not in text
    (one,) = document(file)
    (message,) = one["messages"]
    session = one["info"]["id"]
    assert session.startswith("ses_") and session == one["lifecycle"]["session"] == message["info"]["sessionID"]
    assert message["parts"][0]["messageID"] == message["info"]["id"]
    assert message["info"]["role"] == "user" and message["parts"][0]["state"]["time"] == {"start": 7}


def test_exports_expire_by_age_and_size_but_never_the_newest(grove, tmp_path, own_folders):
    folder = own_folders / "data" / "opencode-lifecycle" / "exports"
    folder.mkdir(parents=True)
    for number, age in enumerate((200, 100, 50, 95)):
        path = folder / f"old-{number}.json.zst"
        path.write_bytes(b"x" * 1_000)
        moment = NOW / 1000 - age * 86_400
        subprocess.run(["touch", "-d", f"@{moment:.0f}", str(path)], check=True)
    (folder / "notes.txt").write_text("not ours")
    ran = invoked("exports", "--expire", f"--now={NOW}", "--json")
    assert [Path(one["file"]).name for one in ran.json["expired"]] == ["old-0.json.zst", "old-1.json.zst",
                                                                       "old-3.json.zst"]
    assert {path.name for path in folder.iterdir()} == {"old-2.json.zst", "notes.txt"}
    ran = invoked("exports", "--expire", f"--now={NOW + 400 * moments.DAY}", "--json")
    assert ran.json["expired"] == [] and len(ran.json["exports"]) == 1


def test_what_is_no_file_in_the_exports_folder_stops_nothing(own_folders):
    folder = own_folders / "data" / "opencode-lifecycle" / "exports"
    folder.mkdir(parents=True)
    for name in ("a", "z"):
        path = folder / f"{name}.json.zst"
        path.write_bytes(b"x")
        subprocess.run(["touch", "-d", "@0" if name == "a" else "@9", str(path)], check=True)
    (folder / "b.json.zst").mkdir()
    os.mkfifo(folder / "c.json.zst")
    (folder / "d.json.zst").symlink_to(folder / "none")
    (folder / "e.json.zst").symlink_to(folder / "e.json.zst")
    (folder / os.fsdecode(b"\xff.json.zst")).symlink_to("a.json.zst")
    assert [Path(one["file"]).name for one in invoked("exports", "--json").json["exports"]] == [
        "a.json.zst", "z.json.zst"]
    ran = invoked("exports", "--expire", f"--now={NOW}", "--json")
    assert [Path(one["file"]).name for one in ran.json["expired"]] == ["a.json.zst"]
    assert len(list(folder.iterdir())) == 6
