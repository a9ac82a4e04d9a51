/* Reading by pointers that may lead nowhere. */
#include <string.h>
#include <sys/mman.h>

#include "harness.h"
#include "told/peek.h"

enum { PAGE = 4096 };

static struct hg_peek peek;
static char *pages; /* two, behind which nothing is mapped */

static void map_pages(void)
{
	pages = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(pages, MAP_FAILED);
	ck_assert_int_eq(munmap(pages + 2 * PAGE, PAGE), 0);
	for (int i = 0; i < 2 * PAGE; i++)
		pages[i] = (char)(i * 7);
	hg_peek_begin(&peek, false);
}

START_TEST(what_is_there_is_read_whatever_it_crosses)
{
	map_pages();
	char copy[HG_PEEK_WINDOW * 3];
	for (uintptr_t from = 0; from + sizeof copy <= 2 * PAGE; from += 129) {
		ck_assert(hg_peek(&peek, (uintptr_t)pages + from, copy, sizeof copy));
		ck_assert_mem_eq(copy, pages + from, sizeof copy);
	}
}
END_TEST

START_TEST(what_is_not_there_is_not_read)
{
	map_pages();
	char copy[16];
	uintptr_t end = (uintptr_t)pages + 2 * PAGE;
	ck_assert(hg_peek(&peek, end - sizeof copy, copy, sizeof copy));
	ck_assert(!hg_peek(&peek, end - sizeof copy + 1, copy, sizeof copy));
	ck_assert(!hg_peek(&peek, end, copy, 1));
	ck_assert(!hg_peek(&peek, 0, copy, 1));
	ck_assert(!hg_peek(&peek, UINTPTR_MAX - 1, copy, sizeof copy));
	ck_assert(!hg_peek(&peek, UINT64_C(0x8000000000000000), copy, 1));
	ck_assert_uint_eq(hg_peek_word(&peek, end), 0);
}
END_TEST

START_TEST(a_walk_sees_memory_as_it_was)
{
	map_pages();
	uint64_t before = hg_peek_word(&peek, (uintptr_t)pages);
	memset(pages, 0, PAGE);
	ck_assert_uint_eq(hg_peek_word(&peek, (uintptr_t)pages), before);
	hg_peek_begin(&peek, false);
	ck_assert_uint_eq(hg_peek_word(&peek, (uintptr_t)pages), 0);
}
END_TEST

int main(void)
{
	return RUN_SUITE("peek", what_is_there_is_read_whatever_it_crosses, what_is_not_there_is_not_read,
	                 a_walk_sees_memory_as_it_was);
}
