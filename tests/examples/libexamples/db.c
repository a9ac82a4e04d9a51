#include "examples.h"

#include <stdlib.h>

static struct box *box_of(void *handle)
{
	return handle;
}

static void visit(void *handle)
{
	box_enter(box_of(handle));
	box_leave(box_of(handle));
}

db *db_open(void)
{
	return (db *)box_new();
}

void db_close(db *d)
{
	box_free(box_of(d));
}

int db_ping(db *d)
{
	visit(d);
	return 0;
}

int64_t db_rows(db *d)
{
	visit(d);
	return 5;
}

double db_ratio(db *d)
{
	visit(d);
	return 0.5;
}

const char *db_name(db *d)
{
	visit(d);
	return "main";
}

const char *db_error(db *d)
{
	visit(d);
	return "no error";
}

struct db_range db_range(db *d)
{
	visit(d);
	return (struct db_range){1, 5};
}

struct db_stats db_stats(db *d)
{
	visit(d);
	return (struct db_stats){1, 2, 3};
}

int db_sizes(db *d, uint64_t *sizes, int count, int *more)
{
	visit(d);
	for (int i = 0; i < count; i++)
		sizes[i] = 100;
	*more = 1;
	return 0;
}

int db_split(db *d, db_reader **reader, db_writer **writer)
{
	visit(d);
	*reader = (db_reader *)0x1;
	*writer = (db_writer *)0x1;
	if (box_of(d)->open)
		return 5;
	*reader = (db_reader *)box_new();
	if (box_of(d)->busy)
		return 1;
	*writer = (db_writer *)box_new();
	return 0;
}

int db_reader_next(db_reader *reader)
{
	box_enter(box_of(reader));
	box_park(box_of(reader));
	box_leave(box_of(reader));
	return 1;
}

int db_copy(db_reader *reader, db_writer *writer)
{
	visit(reader);
	visit(writer);
	return 0;
}

void db_reader_close(db_reader *reader)
{
	box_free(box_of(reader));
}

void db_writer_close(db_writer *writer)
{
	box_free(box_of(writer));
}

db_cursor *db_cursor_open(void)
{
	return (db_cursor *)box_new();
}

int db_cursor_next(db_cursor *cursor)
{
	box_enter(box_of(cursor));
	box_park(box_of(cursor));
	box_leave(box_of(cursor));
	return 1;
}

int db_cursor_interrupt(db_cursor *cursor)
{
	box_let_go(box_of(cursor));
	return 0;
}

void db_cursor_close(db_cursor *cursor)
{
	box_free(box_of(cursor));
}

db_draft *db_draft_open(void)
{
	return (db_draft *)box_new();
}

int db_draft_write(db_draft *draft)
{
	visit(draft);
	return 0;
}

void db_draft_close(db_draft *draft)
{
	box_free(box_of(draft));
}

void db_draft_give_back(db_draft *draft)
{
	box_free(box_of(draft));
}

/* --- tables --- */

static struct box *last_table;

static void end_tables(void)
{
	if (last_table)
		box_free(last_table);
}

db_table *db_table_open(void)
{
	if (!last_table && atexit(end_tables) != 0)
		abort();
	last_table = box_new();
	return (db_table *)last_table;
}

int db_table_rows(db_table *table)
{
	visit(table);
	return 1;
}

void db_table_close(db_table *table)
{
	box_free(box_of(table));
}
