/* A program without a C library: ends well. */
void _start(void);

void _start(void)
{
#if defined(__i386__)
	__asm__ volatile("int $0x80" : : "a"(1), "b"(0));
#endif
	for (;;)
		;
}
