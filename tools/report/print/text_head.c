/* The head of a finding in the text report: what a person needs to go to work, in at most 12 lines of 80 columns, or of
 * as few as there are. Each
 * of its parts but the fix is one line, in which long names give way. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/files.h"
#include "report/describe/advice.h"
#include "report/describe/short_name.h"
#include "report/describe/user_frame.h"
#include "report/model/names.h"
#include "report/print/cut.h"
#include "report/print/print.h"

enum { MOST_COLUMNS = 80, LINES = 12, INDENT = 3, MOST_SIDES = 3, LEAST_FUNCTION = 24 };

/* A call that the finding is about. */
struct side {
	const char *label;
	const struct hg_resolved_call *call;
	size_t more; /* calls like it */
};

struct head {
	FILE *out;
	struct hg_model *model;
	const struct hg_paint *paint;
	const struct hg_group *group;
	struct side sides[MOST_SIDES];
	size_t side_count;
	int width; /* of the labels */
	int room;  /* lines that nothing else needs */
};

static int head_columns(void)
{
	return hg_width_within(MOST_COLUMNS);
}

/* ---- The headline ---- */

/* How many columns each of the names may have, so that all of them together have no more than `columns`. */
static size_t name_limit(const char *const *names, size_t count, size_t columns)
{
	for (size_t limit = columns;; limit--) {
		size_t sum = 0;
		for (size_t i = 0; i < count; i++) {
			size_t own = hg_columns(names[i]);
			sum += own < limit ? own : limit;
		}
		if (sum <= columns || limit == 0)
			return limit;
	}
}

/* "1. error: late-free of stream, net_free against net_recv" */
static void print_headline(const struct head *head, size_t number)
{
	const struct hg_group *group = head->group;
	enum hg_level level = group->level;
	const char *names[] = {group->class, group->function ? group->function : "",
	                       group->other_function ? group->other_function : ""};
	const char *between = group->kind == HG_KIND_LEAK ? ", created by " : " against ";
	const char *before[] = {" of ", group->function ? ", " : "", group->other_function ? between : ""};
	const char *what =
	    hg_model_printf(head->model, "%zu. %s: %s", number, hg_level_name(level), hg_kind_name(group->kind));
	size_t fixed = strlen(what) + strlen(before[0]) + strlen(before[1]) + strlen(before[2]);
	size_t limit = name_limit(names, 3, head_columns() - fixed);

	fprintf(head->out, "%s\n%s%s", hg_paint(head->paint, hg_level_colour(level)), what,
	        hg_paint(head->paint, HG_PLAIN));
	for (size_t i = 0; i < 3; i++)
		fprintf(head->out, "%s%s", before[i], hg_cut_middle(head->model, names[i], limit));
	fputc('\n', head->out);
}

/* ---- Sides ---- */

static void add_side(struct head *head, const char *label, const struct hg_resolved_call *first, bool of_a_list)
{
	size_t more = 0;

	if (!first || head->side_count == MOST_SIDES)
		return;
	for (const struct hg_resolved_call *call = first->next; of_a_list && call; call = call->next)
		more++;
	head->sides[head->side_count++] = (struct side){label, first, more};
}

static const char *call_label(const struct hg_resolved_finding *finding)
{
	uint32_t roles = finding->call ? finding->call->roles : 0;

	switch (finding->kind) {
	case HG_KIND_REPEAT_FREE:
		return "Second free";
	case HG_KIND_SEVERED:
		return "Disconnect";
	default:
		return (roles & (HG_ROLE_FREE | HG_ROLE_RELEASE)) != 0 ? "Free"
		       : (roles & HG_ROLE_OP) != 0                     ? "Op"
		       : (roles & HG_ROLE_CREATE) != 0                 ? "Create"
		                                                       : "Call";
	}
}

static const char *free_label(enum hg_kind kind)
{
	return kind == HG_KIND_REPEAT_FREE ? "First free" : kind == HG_KIND_ORPHAN ? "Parent's free" : "Free";
}

static const char *child_label(enum hg_kind kind)
{
	return kind == HG_KIND_DANGLING ? "Attached" : kind == HG_KIND_GIVEN_FREE ? "Given to" : "Child";
}

/* Which calls there are depends on the kind of finding. The create is told where there is no more than one other. */
static void find_sides(struct head *head)
{
	const struct hg_resolved_finding *finding = head->group->resolved;

	add_side(head, call_label(finding), finding->call, false);
	add_side(head, free_label(finding->kind), finding->free, false);
	add_side(head, finding->kind == HG_KIND_OVERLAP ? "Other op" : "Op", finding->in_flight, true);
	add_side(head, child_label(finding->kind), finding->children, true);
	add_side(head, finding->kind == HG_KIND_SEVERED ? "Cut off" : "Held", finding->holders, true);
	if (head->side_count < 2)
		add_side(head, finding->create && finding->create->adopted ? "First met" : "Create", finding->create,
		         false);
}

/* "read_rows at tests/demo/shared_cursor.py:27". The folders of the path give way first, then the function, then the
 * file's name. */
static const char *place_in_file(struct hg_model *model, const struct hg_resolved_frame *frame, size_t columns)
{
	const char *line =
	    frame->line == 0 ? "" : hg_model_printf(model, frame->begins ? " from line %d" : ":%d", frame->line);
	const char *function = frame->function ? hg_short_name(model, frame) : "?";
	size_t left = columns - strlen(" at ") - hg_columns(line);
	size_t own = hg_columns(function);
	size_t name = hg_columns(hg_base_name(frame->file)) + strlen(".../");
	size_t for_function = own + name <= left             ? own
	                      : LEAST_FUNCTION + name > left ? (own < LEAST_FUNCTION ? own : LEAST_FUNCTION)
	                                                     : left - name;

	function = hg_cut_middle(model, function, for_function);
	return hg_model_printf(model, "%s %s %s%s", function, frame->begins ? "in" : "at",
	                       hg_cut_path(model, frame->file, left - hg_columns(function)), line);
}

/* "net_read in libnet.so.1+0x1234" */
static const char *place_in_object(struct hg_model *model, const struct hg_resolved_frame *frame, size_t columns)
{
	const char *function = frame->function ? frame->function : hg_model_printf(model, "0x%" PRIx64, frame->pc);
	const char *object =
	    frame->object[0] == '\0'
	        ? ""
	        : hg_model_printf(model, " in %s+0x%" PRIx64,
	                          hg_cut_middle(model, hg_base_name(frame->object), columns / 2), frame->offset);

	return hg_model_printf(model, "%s%s", hg_cut_middle(model, function, columns - hg_columns(object)), object);
}

static const char *place_of(struct hg_model *model, const struct hg_resolved_call *call, size_t columns)
{
	const struct hg_resolved_frame *frame = hg_user_frame(&call->stack);

	if (!frame)
		return call->stack.gone ? "(it ended before its stack could be walked)" : "(no stack was kept)";
	return frame->file ? place_in_file(model, frame, columns) : place_in_object(model, frame, columns);
}

/* ---- Lines ---- */

static void print_label(const struct head *head, const char *label)
{
	fprintf(head->out, "%*s%s%s:%s%*s", INDENT, "", hg_paint(head->paint, HG_BOLD), label,
	        hg_paint(head->paint, HG_PLAIN), head->width - (int)strlen(label) + 1, "");
}

/* Where the line begins behind its label. */
static int text_indent(const struct head *head)
{
	return INDENT + head->width + 2;
}

/* Who called the binding that made the call, where there is room. */
static void print_caller(struct head *head, const struct hg_resolved_frame *caller)
{
	int at = text_indent(head) + (int)strlen("from ");

	if (!caller || head->room <= 0)
		return;
	head->room--;
	fprintf(head->out, "%*sfrom %s\n", text_indent(head), "",
	        place_in_file(head->model, caller, (size_t)(head_columns() - at)));
}

static void print_side(struct head *head, const struct side *side)
{
	const char *more = side->more > 0 ? hg_model_printf(head->model, " and %zu more", side->more) : "";
	size_t columns = (size_t)(head_columns() - text_indent(head)) - strlen(more);

	print_label(head, side->label);
	fprintf(head->out, "%s%s\n", place_of(head->model, side->call, columns), more);
	print_caller(head, hg_user_caller(&side->call->stack));
}

/* Where they have no room on one line, those of other calls ("; the create: ...") stand below the first, if lines are
 * left. */
static void print_test(struct head *head)
{
	const char *test = head->group->resolved->test, *next;
	size_t columns = (size_t)(head_columns() - text_indent(head));

	if (!test)
		return;
	print_label(head, "Test");
	for (; hg_columns(test) > columns && head->room > 0 && (next = strstr(test, "; the ")); test = next + 2) {
		const char *one = hg_model_printf(head->model, "%.*s", (int)(next - test), test);
		fprintf(head->out, "%s;\n%*s", hg_cut_middle(head->model, one, columns - 1), text_indent(head), "");
		head->room--;
	}
	fprintf(head->out, "%s\n", hg_cut_middle(head->model, test, columns));
}

/* In lines, which leave so much less room. */
static const char *fix_of(struct head *head)
{
	char *text = NULL;
	size_t length = 0;
	FILE *lines = open_memstream(&text, &length);

	if (!lines)
		return "";
	hg_print_narrow_paragraph(lines, head->group->advice->fix, INDENT + (int)strlen("Fix: "), INDENT,
	                          head_columns());
	fclose(lines);
	for (size_t i = 0; i < length; i++)
		head->room -= text[i] == '\n';
	const char *kept = hg_model_raw_text(head->model, text, length);
	free(text);
	return kept;
}

void hg_print_text_head(FILE *out, struct hg_model *model, const struct hg_paint *paint, const struct hg_group *group,
                        size_t number)
{
	struct head head = {
	    .out = out, .model = model, .paint = paint, .group = group, .width = (int)strlen("Test"), .room = LINES};

	find_sides(&head);
	for (size_t i = 0; i < head.side_count; i++)
		if ((int)strlen(head.sides[i].label) > head.width)
			head.width = (int)strlen(head.sides[i].label);
	const char *fix = fix_of(&head);
	head.room -= 1 + (int)head.side_count + (group->resolved->test != NULL);
	print_headline(&head, number);
	print_test(&head);
	for (size_t i = 0; i < head.side_count; i++)
		print_side(&head, &head.sides[i]);
	fprintf(out, "%*s%sFix:%s ", INDENT, "", hg_paint(paint, HG_BOLD), hg_paint(paint, HG_PLAIN));
	fputs(fix, out);
}
