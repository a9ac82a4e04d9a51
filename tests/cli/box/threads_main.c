/* Loads a module whose constructor starts a thread, and ends that. */
#include <dlfcn.h>
#include <stddef.h>

int main(void)
{
	void *module = dlopen(BOX_THREADS, RTLD_NOW);
	int (*end)(void) = module ? (int (*)(void))dlsym(module, "threads_end") : NULL;
	return end ? end() : 3;
}
