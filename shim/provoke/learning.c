#include <fcntl.h>

#include "base/counters.h"
#include "base/options.h"
#include "base/sys.h"
#include "provoke/learned.h"
#include "provoke/lines.h"

static void begin(struct hg_line *line, const char *what, const struct hg_site *site)
{
	hg_line_begin(line);
	hg_line_text(line, what);
	hg_line_add(line, ' ');
	hg_line_text(line, hg_site_text(site));
	hg_line_add(line, ' ');
}

static void add_point(struct hg_line *line, enum hg_point point)
{
	hg_line_add(line, HG_POINT_LETTERS[point]);
	hg_line_add(line, ' ');
}

/* All of it or nothing, as far as the system lets us: what is cut all the same is skipped by who reads it. */
static void append(struct hg_line *line)
{
	hg_line_add(line, '\n');
	if (hg_line_is_full(line)) {
		hg_count(HG_COUNTER_PROVOKE_FULL);
		return;
	}
	long file = hg_syscall(SYS_openat, AT_FDCWD, (long)hg_options.learn, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
	                       0666, 0, 0);
	long written = file < 0 ? file : hg_syscall(SYS_write, file, (long)line->text, (long)line->length, 0, 0, 0);
	if (file >= 0)
		hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
	if (written != (long)line->length)
		hg_count(HG_COUNTER_PROVOKE_UNWRITTEN);
}

void hg_learn_pair(const struct hg_site *op, const struct hg_site *free)
{
	struct hg_line line;
	if (!*hg_options.learn)
		return;
	begin(&line, "pair", op);
	hg_line_text(&line, hg_site_text(free));
	append(&line);
}

void hg_learn_passed(const char *class_name)
{
	struct hg_line line;
	if (!*hg_options.learn)
		return;
	hg_line_begin(&line);
	hg_line_text(&line, "passed ");
	hg_line_text(&line, class_name);
	append(&line);
}

void hg_learn_hit(const struct hg_site *site, enum hg_point point, uint32_t call, uint64_t ms, const char *kind)
{
	struct hg_line line;
	if (!*hg_options.learn)
		return;
	begin(&line, "hit", site);
	add_point(&line, point);
	hg_line_number(&line, call, 10);
	hg_line_add(&line, ' ');
	hg_line_number(&line, ms, 10);
	hg_line_add(&line, ' ');
	hg_line_text(&line, kind);
	append(&line);
}

void hg_learn_miss(const struct hg_site *site, enum hg_point point, uint32_t fruitless)
{
	struct hg_line line;
	if (!*hg_options.learn)
		return;
	begin(&line, "miss", site);
	add_point(&line, point);
	hg_line_number(&line, fruitless, 10);
	append(&line);
}
