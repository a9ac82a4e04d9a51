/* Names of C++ and Rust in the text report, and how they come from what the linker knows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/describe/short_name.h"
#include "report/symbols/demangle.h"
#include "run.h"

static struct hg_model model;

static void check_short(const char *language, const char *function, const char *expected)
{
	const struct hg_resolved_frame frame = {.object = "", .function = function, .language = language};
	ck_assert_str_eq(hg_short_name(&model, &frame), expected);
}

START_TEST(names_of_cpp_are_short)
{
	static const char *const names[][2] = {
	    {"main", "main"},
	    {"net::stream::close", "net::stream::close"},
	    {"net::stream::close(int, char const*) const", "net::stream::close"},
	    {"void ns::run<Foo<int>, 3ul>(Foo<int>&)", "ns::run<>"},
	    {"std::vector<int, std::allocator<int> >::push_back(int const&)", "std::vector<>::push_back"},
	    {"std::__cxx11::basic_string<char, std::char_traits<char> >::size() const", "std::basic_string<>::size"},
	    {"std::__1::thread::join()", "std::thread::join"},
	    {"main::{lambda(int)#1}::operator()(int) const", "main::{lambda#1}::operator()"},
	    {"main(int)::{lambda(int)#1}::operator()(int) const", "main::{lambda#1}::operator()"},
	    {"ns::x::f(int) const::helper::go()", "ns::x::f::helper::go"},
	    {"std::function<void (int)>::operator()(int) const", "std::function<>::operator()"},
	    {"(anonymous namespace)::f(int)", "(anonymous namespace)::f"},
	    {"ns::operator<<(std::ostream&, ns::x<int> const&)", "ns::operator<<"},
	    {"ns::x::operator->() const", "ns::x::operator->"},
	    {"ns::x::operator bool() const", "ns::x::operator bool"},
	    {"ns::decltype_of<decltype (a->b)>::get", "ns::decltype_of<>::get"},
	    {"ns::cooperator<int>::work()", "ns::cooperator<>::work"},
	    {"ns::x[abi:cxx11](int)", "ns::x"},
	    {"f(int) [clone .cold]", "f"},
	    {"ns::torn<int", "ns::torn<>"},
	    {"(", "("},
	};
	hg_model_init(&model);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		check_short("c++", names[i][0], names[i][1]);
	check_short(NULL, "net::stream<int>::close(int)", "net::stream<>::close");
	hg_model_drop(&model);
}
END_TEST

START_TEST(names_of_rust_are_short)
{
	static const char *const names[][2] = {
	    {"<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop",
	     "<alloc::vec::Vec<> as core::ops::drop::Drop>::drop"},
	    {"<&mut net::Stream<T> as net::Close>::close", "<&mut net::Stream<> as net::Close>::close"},
	    {"late_drop::main::{{closure}}", "late_drop::main::{{closure}}"},
	    {"late_drop::main::{closure#0}", "late_drop::main::{closure#0}"},
	    {"core::ptr::drop_in_place::<net::Stream>", "core::ptr::drop_in_place<>"},
	    {"net::map<net::A, fn(net::B) -> net::C>::run", "net::map<>::run"},
	};
	hg_model_init(&model);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		check_short("rust", names[i][0], names[i][1]);
	hg_model_drop(&model);
}
END_TEST

START_TEST(names_of_other_languages_stay)
{
	hg_model_init(&model);
	check_short("go", "main.(*stream[...]).close", "main.(*stream[...]).close");
	check_short("python", "f.<locals>.<lambda>", "f.<locals>.<lambda>");
	check_short("c", "net_close", "net_close");
	check_short(NULL, "net_close.part.0", "net_close.part.0");
	ck_assert_ptr_null(hg_short_name(&model, &(struct hg_resolved_frame){.language = "c++"}));
	hg_model_drop(&model);
}
END_TEST

START_TEST(what_the_linker_knows_becomes_readable)
{
	static const char *const names[][2] = {
	    {"_ZN3net6stream5closeEi", "net::stream::close(int)"},
	    {"_ZN9late_drop4main17h0123456789abcdefE", "late_drop::main"},
	    {"_RNvCs1234_7mycrate3foo", "mycrate::foo"},
	    {"_RNvMs_NtCs1234_3net6streamNtB4_6Stream5close", "<net::stream::Stream>::close"},
	    {"net_close", "net_close"},
	    {"_Znonsense", "_Znonsense"},
	    {"_Rnonsense", "_Rnonsense"},
	};
	hg_model_init(&model);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		ck_assert_str_eq(hg_demangle(&model, names[i][0]), names[i][1]);
	hg_model_drop(&model);
}
END_TEST

int main(void)
{
	return RUN_SUITE("short_names", names_of_cpp_are_short, names_of_rust_are_short, names_of_other_languages_stay,
	                 what_the_linker_knows_becomes_readable);
}
