// A folder that was mistyped, shared, or made by somebody else: nothing in it is lost.

import assert from "node:assert/strict";
import { FsRadio } from "../../hub/radio/fs_radio.ts";
import { putAside } from "../../hub/radio/mail_file.ts";
import { eventually } from "../support/eventually.ts";
import { withDirectory } from "../store/helpers.ts";
import { withHub } from "./support.ts";

const ignore = Deno.build.os === "windows";
const THESIS = "%PDF-1.7 " + "all my work ".repeat(15_000);
/** Some user who is not the tests'. */
const STRANGER = 54_321;

/** A radio that understands nothing, and what it took and said. */
function deaf(folder: string) {
  const taken: string[] = [];
  const reports: string[] = [];
  const radio = new FsRadio({
    folder,
    take: (name) => taken.push(name),
    refuse: () => {},
    report: (text) => reports.push(text),
  });
  const scan = async () => {
    await radio.scan();
    for (const name of taken) radio.committed(name, false);
    await radio.settled();
  };
  return { radio, taken, reports, scan };
}

/** All files below a folder, with what is in them. */
function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isFile) found[path] = Deno.readTextFileSync(path);
    if (isDirectory) Object.assign(found, contents(path));
  }
  return found;
}

async function put(folder: string, name: string, text = THESIS): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/${name}`, text);
}

Deno.test({
  name: "radio: a Maildir, and files of other names, are left alone",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const id = crypto.randomUUID();
      const names = ["thesis.pdf", "1700000000.M20046P2137.host", id.toUpperCase(), `${id}.bak`];
      for (const sub of ["new", "cur", "tmp", "monitor-fs-radio/new", "000/monitor-fs-radio/new"]) {
        for (const name of names) await put(`${folder}/${sub}`, name);
      }
      for (const sub of ["new", "cur", "old-monitor-fs-radio/new", "a/b/monitor-fs-radio/new"]) {
        await put(`${folder}/${sub}`, id);
      }
      const before = contents(folder);
      for (const place of [folder, `${folder}/new`, `${folder}/old-monitor-fs-radio`]) {
        const { taken, scan } = deaf(place);
        await scan();
        assert.deepEqual(taken, [], place);
      }
      assert.deepEqual(contents(folder), before);
    }),
});

Deno.test({
  name: "radio: no link is followed, whether it is the folder, a part of the way, or a file",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const id = crypto.randomUUID();
      await put(`${folder}/home/monitor-fs-radio/new`, id);
      const links = `${folder}/links`;
      const make: Record<string, () => Promise<void>> = {
        "": () => Deno.symlink(`${folder}/home`, links),
        "/000": () => Deno.mkdir(links).then(() => Deno.symlink(`${folder}/home`, `${links}/000`)),
        "/monitor-fs-radio": async () => {
          await Deno.mkdir(links);
          await Deno.symlink(`${folder}/home/monitor-fs-radio`, `${links}/monitor-fs-radio`);
        },
        "/monitor-fs-radio/new": async () => {
          await Deno.mkdir(`${links}/monitor-fs-radio`, { recursive: true });
          const target = `${folder}/home/monitor-fs-radio/new`;
          await Deno.symlink(target, `${links}/monitor-fs-radio/new`);
        },
        "/monitor-fs-radio/new/file": async () => {
          await Deno.mkdir(`${links}/monitor-fs-radio/new`, { recursive: true });
          const target = `${folder}/home/monitor-fs-radio/new/${id}`;
          await Deno.symlink(target, `${links}/monitor-fs-radio/new/${crypto.randomUUID()}`);
        },
      };
      const before = contents(`${folder}/home`);
      for (const [where, link] of Object.entries(make)) {
        await link();
        const { taken, reports, scan } = deaf(links);
        await scan();
        assert.deepEqual(taken, [], where);
        if (where === "") assert.match(reports.join(), /is a symbolic link: name the folder/);
        assert.deepEqual(contents(`${folder}/home`), before, where);
        await Deno.remove(links, { recursive: true });
      }
    }),
});

Deno.test({
  name: "radio: a folder that becomes a link after it was found is not followed",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const inbox = `${folder}/monitor-fs-radio/new`;
      await put(inbox, crypto.randomUUID(), "one");
      const { taken, scan } = deaf(folder);
      await scan();
      assert.equal(taken.length, 1);
      await put(`${folder}/home`, crypto.randomUUID());
      await Deno.remove(inbox, { recursive: true });
      await Deno.symlink(`${folder}/home`, inbox);
      await scan();
      assert.equal(taken.length, 1);
      assert.equal([...Deno.readDirSync(`${folder}/home`)].length, 1);
    }),
});

Deno.test({
  name: "radio: what is not understood is moved whole, and never over something else",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const [inbox, aside] = ["new", "undecodable"].map((name) =>
        `${folder}/monitor-fs-radio/${name}`
      );
      const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
      await put(inbox, first);
      const { taken, reports, scan } = deaf(folder);
      await scan();
      assert.equal(await Deno.readTextFile(`${aside}/${first}`), THESIS);
      assert.equal((await Deno.stat(aside)).mode! & 0o777, 0o700);
      assert.match(reports.join(), /cannot be understood: they are moved, whole, to/);
      await put(inbox, second);
      await put(aside, second, "something else");
      await scan();
      await scan();
      assert.deepEqual(taken.map((path) => path.split("/").at(-1)), [first, second]);
      assert.equal(await Deno.readTextFile(`${inbox}/${second}`), THESIS);
      assert.equal(await Deno.readTextFile(`${aside}/${second}`), "something else");
      assert.match(reports.join(), /are left where they are/);
    }),
});

Deno.test({
  name: "radio: a file is put aside into no link, and a move that was cut short is finished",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const radio = `${folder}/monitor-fs-radio`;
      const id = crypto.randomUUID();
      await put(`${radio}/new`, id);
      await Deno.mkdir(`${folder}/elsewhere`);
      await Deno.symlink(`${folder}/elsewhere`, `${radio}/undecodable`);
      await assert.rejects(putAside(`${radio}/new/${id}`), /is no folder of ours/);
      await Deno.remove(`${radio}/undecodable`);
      await Deno.mkdir(`${radio}/undecodable`);
      await Deno.link(`${radio}/new/${id}`, `${radio}/undecodable/${id}`);
      await putAside(`${radio}/new/${id}`);
      assert.deepEqual([...Deno.readDirSync(`${radio}/new`)], []);
      assert.equal(await Deno.readTextFile(`${radio}/undecodable/${id}`), THESIS);
    }),
});

Deno.test({
  name: "radio: a file that took the name of a committed one is not removed",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const inbox = `${folder}/monitor-fs-radio/new`;
      const id = crypto.randomUUID();
      await put(inbox, id, "a message");
      const { radio, taken } = deaf(folder);
      await radio.scan();
      await Deno.rename(`${inbox}/${id}`, `${folder}/away`);
      await put(inbox, id);
      radio.committed(taken[0], true);
      await radio.settled();
      assert.equal(await Deno.readTextFile(`${inbox}/${id}`), THESIS);
    }),
});

Deno.test({
  name: "radio: what another user put into the folder is not taken",
  ignore: ignore || Deno.uid() !== 0,
  fn: () =>
    withDirectory(async (folder) => {
      const inbox = `${folder}/monitor-fs-radio/new`;
      const [own, strange] = [crypto.randomUUID(), crypto.randomUUID()];
      await put(inbox, own);
      await put(inbox, strange);
      await Deno.chown(`${inbox}/${strange}`, STRANGER, STRANGER);
      const { taken, reports, radio } = deaf(folder);
      await radio.scan();
      assert.deepEqual(taken, [`${inbox}/${own}`]);
      assert.match(reports.join(), /belongs to another user, and is left alone/);
      // The folder's owner is who sends: a cluster may run tasks as another user.
      await Deno.chown(inbox, STRANGER, STRANGER);
      await radio.scan();
      assert.equal(taken.length, 2);
    }),
});

Deno.test({
  name: "radio: a hub keeps a file whole of which a part is no message, and quarantines the reason",
  ignore,
  fn: () =>
    withDirectory(async (folder) => {
      const inbox = `${folder}/monitor-fs-radio/new`;
      const id = crypto.randomUUID();
      await put(inbox, id);
      await withHub({ args: ["--fs-radio", folder] }, async (hub) => {
        const aside = `${folder}/monitor-fs-radio/undecodable/${id}`;
        await eventually(
          () => Deno.stat(aside).then(() => true, () => false),
          "it is not put aside",
        );
        assert.equal(await Deno.readTextFile(aside), THESIS);
        const kept = await Deno.readTextFile(`${hub.database}.quarantine.jsonl`);
        assert.ok(kept.includes(id), kept.slice(0, 500));
      });
    }),
});
