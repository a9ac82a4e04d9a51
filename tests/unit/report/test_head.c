/* The head of a finding: in 12 lines of 80 columns, whatever its names are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/typeset.h"
#include "report/describe/advice.h"
#include "report/model/names.h"
#include "run.h"

enum { COLUMNS = 80, LINES = 12, MOST_SIDES = 3 };

/* The lines from "1. " to the first empty one. */
static const char *head_of(struct builder *builder)
{
	struct resolved resolved = report_builder(hg_report_defaults(), builder);
	char *head = strstr(resolved.out, "\n1. ");
	ck_assert_ptr_nonnull(head);
	char *end = strstr(++head, "\n\n");
	ck_assert_ptr_nonnull(end);
	end[1] = 0;
	return head;
}

static size_t columns_of(const char *line, size_t length)
{
	size_t columns = 0;
	for (size_t i = 0; i < length; i++)
		columns += ((unsigned char)line[i] & 0xc0) != 0x80;
	return columns;
}

static void check_size(const char *head)
{
	size_t lines = 0;
	for (const char *line = head; *line != 0; lines++) {
		size_t length = strcspn(line, "\n");
		ck_assert_msg(columns_of(line, length) <= COLUMNS, "too long: %.*s", (int)length, line);
		line += length + 1;
	}
	ck_assert_msg(lines <= LINES, "%zu lines:\n%s", lines, head);
}

/* ---- Every kind ---- */

struct words {
	const char *function[3], *folder, *file;
	const char *test;
	const char *class, *guarded;
};

static void add_party(struct builder *builder, struct draft *draft, enum hg_party_role role, uint32_t tid,
                      uint32_t symbol, uint32_t told)
{
	struct hg_record_party *party = draft_party(draft, role, tid, symbol, (uint64_t[]){0x700000 + told}, 1);
	party->ticks = builder->header->start_ticks + 1000;
	draft_told(draft, party, &told, 1);
}

/* A finding of this kind between a call, and whatever the other sides can be. */
static struct builder *of_kind(enum hg_kind kind, const struct words *words)
{
	static const uint32_t roles[] = {HG_ROLE_CREATE, HG_ROLE_OP, HG_ROLE_FREE};
	struct builder *builder = builder_new();
	struct draft draft;
	builder->header->clean_exit = 1;
	builder_class(builder, words->class);
	for (uint32_t i = 0; i < 3; i++) {
		builder_symbol(builder, words->guarded, 0, roles[i], HG_SYMBOL_BOUND);
		char file[512];
		snprintf(file, sizeof file, "%s%u%s", words->folder, i, words->file);
		builder_told(builder, words->function[i], file, 100 + i, HG_LANGUAGE_GO);
	}
	builder_label(builder, builder->header->start_ticks, 1, words->test);
	draft_begin(&draft, kind, 0, 0x99);
	draft.head->ticks = builder->header->start_ticks + 2000;
	uint32_t call = kind == HG_KIND_LATE_OP || kind == HG_KIND_OVERLAP || kind >= HG_KIND_UNWOUND ? 1 : 2;
	add_party(builder, &draft, HG_PARTY_CALL, 1, call, call);
	if (call == 1 || kind == HG_KIND_REPEAT_FREE)
		add_party(builder, &draft, HG_PARTY_FREE, 7, 2, 2);
	else if (kind == HG_KIND_SEVERED)
		add_party(builder, &draft, HG_PARTY_HOLDER, 7, 1, 1);
	else
		add_party(builder, &draft, HG_PARTY_IN_FLIGHT, 7, 1, 1);
	add_party(builder, &draft, HG_PARTY_CREATE, 1, 0, 0);
	builder_write_finding(builder, &draft);
	return builder;
}

static const struct words plain = {.function = {"main.open", "main.read", "main.stop"},
                                   .folder = "/src/",
                                   .file = "/stream.go",
                                   .test = "TestStop",
                                   .class = "stream",
                                   .guarded = "net_stream"};

/* Whether it ends with the whole of a fix for such findings. */
static bool ends_with_a_fix(const char *head, enum hg_kind kind)
{
	const char *fix = strstr(head, "\n   Fix: ");
	char *flat = calloc(1, strlen(head) + 1), *to = flat;
	size_t count;
	for (const char *from = fix ? fix + strlen("\n   Fix: ") : ""; *from != 0; from++) {
		bool goes_on = strncmp(from, "\n   ", 4) == 0;
		*to++ = goes_on ? ' ' : *from;
		from += goes_on ? 3 : 0;
	}
	to[-(to > flat)] = 0;
	const struct hg_advice *all = hg_all_advice(&count);
	bool found = false;
	for (size_t i = 0; i < count; i++)
		found |= all[i].kind == kind && strcmp(all[i].fix, flat) == 0;
	free(flat);
	return found;
}

static void check_kind(enum hg_kind kind)
{
	const char *head = head_of(of_kind(kind, &plain));
	check_size(head);
	ck_assert_has(head, hg_kind_name(kind));
	ck_assert_has(head, "Test: ");
	ck_assert_has(head, "TestStop");
	ck_assert_has(head, kind == HG_KIND_REPEAT_FREE ? "main.stop at /src/2/stream.go:102\n"
	                                                : "main.read at /src/1/stream.go:101\n");
	ck_assert_has(head, "main.stop at /src/2/stream.go:102\n");
	ck_assert_msg(ends_with_a_fix(head, kind), "no whole fix: %s", head);
}

START_TEST(every_kind_tells_its_sides_test_and_fix)
{
	for (int kind = 0; kind < HG_KIND_COUNT; kind++)
		check_kind((enum hg_kind)kind);
}
END_TEST

static char *repeated(const char *part, size_t times)
{
	char *text = calloc(times, strlen(part) + 1);
	for (size_t i = 0; i < times; i++)
		strcat(text, part);
	return text;
}

/* Names as code generators and temporary folders make them. */
START_TEST(long_names_give_way)
{
	char *function = repeated("quelque.Génériqueつ[...].", 8), *folder = repeated("/a/very/long/path", 9);
	char *file = repeated("généré_", 9), *test = repeated("TestÜber/sub_", 12),
	     *guarded = repeated("net_stream_", 5);
	char name[128];
	snprintf(name, sizeof name, "/%s.go", file);
	const struct words words = {{function, function, function}, folder, name, test, guarded, guarded};
	for (int kind = 0; kind < HG_KIND_COUNT; kind++) {
		const char *head = head_of(of_kind((enum hg_kind)kind, &words));
		check_size(head);
		ck_assert_has(head, hg_kind_name((enum hg_kind)kind));
		ck_assert_has(head, ".go:102\n");
		ck_assert_has(head, kind == HG_KIND_REPEAT_FREE ? ".go:102\n" : ".go:101\n");
		ck_assert_has(head, "TestÜber");
		ck_assert(ends_with_a_fix(head, (enum hg_kind)kind));
	}
	free(function);
	free(folder);
	free(file);
	free(test);
	free(guarded);
}
END_TEST

START_TEST(folders_give_way_before_functions_and_these_before_files)
{
	struct words words = plain;
	words.folder = "/home/somebody/go/pkg/mod/example.org/somebody/streams@v1.2.3/internal/";
	ck_assert_has(head_of(of_kind(HG_KIND_LATE_FREE, &words)),
	              "Op:   main.read at .../somebody/streams@v1.2.3/internal/1/stream.go:101\n");
	words.function[1] = "example.org/somebody/streams/internal.(*reader[...]).readUntilTheEndOfTheStream.func1";
	ck_assert_has(head_of(of_kind(HG_KIND_LATE_FREE, &words)), " at .../stream.go:101\n");
	words.file = "/a_file_whose_name_tells_all_that_anybody_may_ever_want_to_know_about_it.go";
	const char *head = head_of(of_kind(HG_KIND_LATE_FREE, &words));
	check_size(head);
	ck_assert_has(head, "about_it.go:101\n");
}
END_TEST

START_TEST(who_called_the_binding_is_told)
{
	struct builder *builder = of_kind(HG_KIND_LATE_FREE, &plain);
	struct draft draft;
	const uint32_t told[] = {
	    2, builder_told(builder, "main.all", "/src/2/stream.go", 40, HG_LANGUAGE_GO),
	    builder_told(builder, "main.TestStop", "/src/stop_test.go", 12, HG_LANGUAGE_GO),
	    builder_told(builder, "testing.tRunner", "/go/src/testing/testing.go", 34, HG_LANGUAGE_GO)};
	memset(builder->ring, 0, BUILDER_RING);
	builder->header->ring_head = 0;
	draft_begin(&draft, HG_KIND_LATE_FREE, 0, 0x99);
	draft_told(&draft, draft_party(&draft, HG_PARTY_CALL, 1, 2, (uint64_t[]){0x700000}, 1), told, 4);
	draft_told(&draft, draft_party(&draft, HG_PARTY_IN_FLIGHT, 2, 1, (uint64_t[]){0x700000}, 1), told, 2);
	builder_write_finding(builder, &draft);
	ck_assert_has(head_of(builder), "   Free: main.stop at /src/2/stream.go:102\n"
	                                "         from main.TestStop at /src/stop_test.go:12\n"
	                                "   Op:   main.stop at /src/2/stream.go:102\n"
	                                "   Fix: ");
}
END_TEST

static void check_installed(const char *package)
{
	struct builder *builder = of_kind(HG_KIND_LATE_FREE, &plain);
	struct draft draft;
	const uint32_t told[] = {builder_told(builder, "Stream.close", package, 40, HG_LANGUAGE_GO),
	                         builder_told(builder, "call", package, 50, HG_LANGUAGE_GO),
	                         builder_told(builder, "main.shut", "/src/shut.go", 7, HG_LANGUAGE_GO),
	                         builder_told(builder, "main.main", "/src/main.go", 12, HG_LANGUAGE_GO),
	                         builder_told(builder, "runtime.main", "/go/src/runtime/proc.go", 290, HG_LANGUAGE_GO)};
	memset(builder->ring, 0, BUILDER_RING);
	builder->header->ring_head = 0;
	draft_begin(&draft, HG_KIND_LATE_FREE, 0, 0x99);
	draft_told(&draft, draft_party(&draft, HG_PARTY_CALL, 1, 2, (uint64_t[]){0x700000}, 1), told, 5);
	draft_told(&draft, draft_party(&draft, HG_PARTY_IN_FLIGHT, 2, 1, (uint64_t[]){0x700000}, 1), told + 2, 3);
	builder_write_finding(builder, &draft);
	ck_assert_has(head_of(builder), "         from main.shut at /src/shut.go:7\n"
	                                "   Op:   main.shut at /src/shut.go:7\n"
	                                "         from main.main at /src/main.go:12\n");
}

/* A package that was fetched is not for its user to mend: the line that called it is, not where the program began. */
START_TEST(the_line_that_called_an_installed_binding_is_told)
{
	check_installed("/go/pkg/mod/example.org/stream@v1.2.3/stream.go");
	check_installed("/usr/lib/python3/dist-packages/stream.py");
	check_installed("/src/node_modules/stream/index.js");
}
END_TEST

START_TEST(a_native_method_has_no_line_and_its_caller_has)
{
	struct builder *builder = of_kind(HG_KIND_LATE_FREE, &plain);
	struct draft draft;
	const uint32_t told[] = {builder_told(builder, "Gate.close", "Gate.java", 0, HG_LANGUAGE_GO), 2};
	memset(builder->ring, 0, BUILDER_RING);
	builder->header->ring_head = 0;
	draft_begin(&draft, HG_KIND_LATE_FREE, 0, 0x99);
	draft_told(&draft, draft_party(&draft, HG_PARTY_CALL, 1, 2, (uint64_t[]){0x700000}, 1), told, 2);
	draft_told(&draft, draft_party(&draft, HG_PARTY_IN_FLIGHT, 2, 1, (uint64_t[]){0x700000}, 1), told, 1);
	builder_write_finding(builder, &draft);
	ck_assert_has(head_of(builder), "   Free: main.stop at /src/2/stream.go:102\n"
	                                "   Op:   Gate.close at Gate.java\n");
}
END_TEST

/* With as many sides as there can be. */
START_TEST(every_fix_fits)
{
	size_t count;
	const struct hg_advice *all = hg_all_advice(&count);
	for (size_t i = 0; i < count; i++) {
		char *text = NULL;
		size_t length = 0, lines = 0;
		FILE *out = open_memstream(&text, &length);
		hg_print_narrow_paragraph(out, all[i].fix, (int)strlen("   Fix: "), 3, COLUMNS);
		fclose(out);
		for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
			lines++;
		ck_assert_msg(1 + 1 + MOST_SIDES + lines <= LINES, "%zu lines:\n%s", lines, text);
		free(text);
	}
}
END_TEST

/* ---- Which frame ---- */

static const char *with_frames(const char *const *functions, const char *const *files, size_t count)
{
	struct builder *builder = builder_example();
	for (size_t i = 0; i < count; i++) {
		struct hg_record_named *named = builder_named(builder, 0x400100, 0, functions[i], (uint32_t)i + 1);
		named->file = files[i] ? builder_text(builder, files[i]) : 0;
		named->flags = i + 1 < count ? HG_NAMED_INLINED : 0;
	}
	return head_of(builder);
}
#define TEXTS(...)                                                                                                     \
	(const char *const[])                                                                                          \
	{                                                                                                              \
		__VA_ARGS__                                                                                            \
	}

START_TEST(the_standard_library_is_not_the_users)
{
	ck_assert_has(
	    with_frames(
	        TEXTS("std::default_delete<net>::operator()", "std::unique_ptr<net>::~unique_ptr", "stop"),
	        TEXTS("/usr/include/c++/12/bits/unique_ptr.h", "/usr/include/c++/12/bits/unique_ptr.h", "/src/stop.cc"),
	        3),
	    "   Free: stop at /src/stop.cc:3\n");
	ck_assert_has(with_frames(TEXTS("core::ptr::drop_in_place", "stop::main"),
	                          TEXTS("/rustc/1.63/core/ptr.rs", "src/main.rs"), 2),
	              "   Free: stop::main at src/main.rs:2\n");
}
END_TEST

START_TEST(the_pool_of_node_is_not_the_users)
{
	ck_assert_has(
	    with_frames(TEXTS("bound", "worker"), TEXTS(NULL, "/home/iojs/out/../deps/uv/src/threadpool.c"), 2),
	    "   Free: bound in example+0x100\n");
}
END_TEST

START_TEST(a_function_without_a_file_is_not_the_users_if_one_has_a_file)
{
	ck_assert_has(with_frames(TEXTS("bound", "stop"), TEXTS(NULL, "/src/stop.c"), 2),
	              "   Free: stop at /src/stop.c:2\n");
	ck_assert_has(with_frames(TEXTS("bound"), TEXTS(NULL), 1), "   Free: bound in example+0x100\n");
}
END_TEST

int main(void)
{
	return RUN_SUITE("head", every_kind_tells_its_sides_test_and_fix, long_names_give_way,
	                 folders_give_way_before_functions_and_these_before_files, who_called_the_binding_is_told,
	                 the_line_that_called_an_installed_binding_is_told,
	                 a_native_method_has_no_line_and_its_caller_has, every_fix_fits,
	                 the_standard_library_is_not_the_users, the_pool_of_node_is_not_the_users,
	                 a_function_without_a_file_is_not_the_users_if_one_has_a_file);
}
