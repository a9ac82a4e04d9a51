/* Functions of the C library are found past what the program puts before them. */
#include <dlfcn.h>
#include <link.h>
#include <signal.h>

#include "harness.h"
#include "libc.h"

/* As a sanitizer does. */
int dl_iterate_phdr(int (*visit)(struct dl_phdr_info *, size_t, void *), void *argument)
{
	(void)visit;
	(void)argument;
	return -1;
}

START_TEST(what_stands_before_the_c_library_is_passed_by)
{
	void *found = hg_libc_function("dl_iterate_phdr");
	ck_assert_ptr_nonnull(found);
	ck_assert_ptr_ne(found, (void *)dl_iterate_phdr);
	Dl_info where;
	ck_assert_int_ne(dladdr(found, &where), 0);
	ck_assert_ptr_nonnull(strstr(where.dli_fname, "/libc.so.6"));
	ck_assert_str_eq(where.dli_sname, "dl_iterate_phdr");
}
END_TEST

START_TEST(the_dynamic_linker_belongs_to_it)
{
	Dl_info where;
	ck_assert_int_ne(dladdr(hg_libc_function("__tls_get_addr"), &where), 0);
	ck_assert_ptr_nonnull(strstr(where.dli_fname, "/ld-linux"));
}
END_TEST

START_TEST(what_is_no_function_is_not_found)
{
	ck_assert_ptr_null(hg_libc_function("environ"));
	ck_assert_ptr_null(hg_libc_function("no_function_of_this_name"));
	ck_assert_ptr_null(hg_libc_function("strlen")); /* which of several, the processor decides */
}
END_TEST

int main(void)
{
	return RUN_SUITE("libc", what_stands_before_the_c_library_is_passed_by, the_dynamic_linker_belongs_to_it,
	                 what_is_no_function_is_not_found);
}
