#include "registers.h"

int abi_vector_level;

__attribute__((constructor)) static void find_level(void)
{
	__builtin_cpu_init();
	abi_vector_level = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") ? ABI_AVX512
	                   : __builtin_cpu_supports("avx")                                         ? ABI_AVX
	                                                                                           : ABI_SSE;
}
