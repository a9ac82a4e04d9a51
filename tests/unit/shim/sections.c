/* The sections by which calls of a trampoline, and of the function that a library's own threads begin in, are told:
 * here they hold nothing that calls. */
__attribute__((section("hg_trampolines"), used)) static const char no_trampoline[1] = {0};
__attribute__((section("hg_thread_base"), used)) static const char no_thread_base[1] = {0};
