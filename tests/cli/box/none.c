/* Uses no library but the C library, and loads none. */
int main(void)
{
	return 0;
}
