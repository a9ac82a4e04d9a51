// A statement is finalized while a thread of Node's pool is in a step of it that does not end before.
const { test } = require('node:test')
const koffi = require('koffi')

const sqlite = koffi.load('libsqlite3.so.0')
const open = sqlite.func('int sqlite3_open(const char *name, _Out_ void **db)')
const prepare = sqlite.func('int sqlite3_prepare_v2(void *db, const char *text, int size, _Out_ void **statement, void *rest)')
const step = sqlite.func('int sqlite3_step(void *statement)')
const isBusy = sqlite.func('int sqlite3_stmt_busy(void *statement)')
const finalize = sqlite.func('int sqlite3_finalize(void *statement)')
const interrupt = sqlite.func('void sqlite3_interrupt(void *db)')
const close = sqlite.func('int sqlite3_close(void *db)')

const ENDLESS = 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n'

function query(text) {
  const db = [null], statement = [null]
  open(':memory:', db)
  prepare(db[0], text, -1, statement, null)
  return [db[0], statement[0]]
}

test('finalizes after the step', () => {
  const [db, statement] = query('select 1')
  step(statement)
  finalize(statement)
  close(db)
})

test('finalizes in a step', async () => {
  const [db, statement] = query(ENDLESS)
  const stepped = new Promise(done => step.async(statement, done))
  while (!isBusy(statement)) await new Promise(setImmediate)
  finalize(statement)
  interrupt(db)
  await stepped
  close(db)
})
