/* What quiet_constructor loads. */
void in_constructor(void);

__attribute__((constructor)) static void loaded(void)
{
	in_constructor();
}
