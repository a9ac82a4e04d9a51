/* Functions of the C library are found past what the program puts before them. */
#include <dlfcn.h>

#include <unistd.h>

#include "base/libc.h"
#include "harness.h"

/* As a sanitizer, or another preload, does. */
pid_t getppid(void)
{
	return -1;
}

START_TEST(what_stands_before_the_c_library_is_passed_by)
{
	void *found = hg_libc_function("getppid");
	ck_assert_ptr_nonnull(found);
	ck_assert_ptr_ne(found, (void *)getppid);
	Dl_info where;
	ck_assert_int_ne(dladdr(found, &where), 0);
	ck_assert_ptr_nonnull(strstr(where.dli_fname, "/libc.so.6"));
	ck_assert_str_eq(where.dli_sname, "getppid");
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
