#include <cpuid.h>
#include <stdint.h>

uint32_t hg_read_xsave_size(void);

/* Bytes that xsave needs for every state component in force; 512 where there is only fxsave. Asked for once, and not in
 * a constructor: calls may come before ours have run. Nothing is asked besides: in a virtual machine each question goes
 * out to the host. */
uint32_t hg_read_xsave_size(void)
{
	uint32_t a, b, c, d;
	__cpuid(1, a, b, c, d);
	if (!(c & bit_OSXSAVE))
		return 512;
	/* Leaf 13, which there is then: ebx is the size for what the system has enabled. */
	__cpuid_count(13, 0, a, b, c, d);
	return b > 512 ? b : 512; /* no limit: what fxsave needs */
}
