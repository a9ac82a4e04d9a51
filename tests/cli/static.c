/* Linked statically, by the build. */
int main(void)
{
	return 0;
}
