// What survives a reload, a killed tab and a night in the pocket: the round, and what was not sent yet.
// Everything is kept by person: whoever signs in next on this phone neither sees nor sends it.

const NAME = "picking";

export class Kept {
  static async open(who) {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("people", { keyPath: "who" });
      const actions = opening.result.createObjectStore("actions", { keyPath: "seq", autoIncrement: true });
      actions.createIndex("who", "who");
    };
    return new Kept(await answered(opening), who);
  }

  constructor(database, who) {
    this.database = database;
    this.who = who;
  }

  // The person's round and what they did, in order.
  async load() {
    const kept = this.database.transaction(["people", "actions"]);
    const [person, actions] = await Promise.all([
      answered(kept.objectStore("people").get(this.who)),
      answered(kept.objectStore("actions").index("who").getAll(this.who)),
    ]);
    return { person: person ?? fresh(this.who), actions };
  }

  // How many things of other people wait on this phone for them to sign in again.
  async ofOthers() {
    const all = await answered(this.database.transaction("actions").objectStore("actions").index("who").getAllKeys());
    const own = await answered(this.database.transaction("actions").objectStore("actions").index("who").count(this.who));
    return all.length - own;
  }

  // One more thing done; answers once it is safely written.
  async add(action) {
    const kept = this.database.transaction("actions", "readwrite", { durability: "strict" });
    const seq = await answered(kept.objectStore("actions").add({ ...action, who: this.who }));
    await ended(kept);
    return seq;
  }

  // The person's round anew, without the actions (by `seq`) that have become part of it: both or neither.
  async settle(person, gone = []) {
    const kept = this.database.transaction(["people", "actions"], "readwrite");
    kept.objectStore("people").put(person);
    for (const seq of gone) kept.objectStore("actions").delete(seq);
    await ended(kept);
  }
}

function fresh(who) {
  return { who, wave: null, chosen: null, sent: [], notes: [], wanted: null };
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}
