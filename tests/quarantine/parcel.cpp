// C++: new and delete, of which the compiler makes sized and aligned ones, called by virtual destructors.
#include <memory>
#include <string>

struct parcel {
	virtual ~parcel() = default;
	virtual int touch() const = 0;
};

namespace
{

struct simple final : parcel {
	std::unique_ptr<std::string> content = std::make_unique<std::string>(400, 'x');
	char room[900] = {};
	int touch() const override
	{
		return content->size() == 400;
	}
};

struct derived : parcel {
	char room[700] = {};
	int touch() const override
	{
		return room[0] == 0;
	}
};

struct more_derived final : derived {
	std::string name = std::string(100, 'y');
	int touch() const override
	{
		return name.size() == 100;
	}
};

struct alignas(128) aligned final : parcel {
	char room[1200] = {};
	int touch() const override
	{
		return room[1] == 0;
	}
};

} // namespace

extern "C" int parcel_kinds()
{
	return 3;
}

extern "C" parcel *parcel_open(int kind)
{
	if (kind == 0)
		return new simple;
	if (kind == 1)
		return new more_derived;
	return new aligned;
}

extern "C" int parcel_touch(parcel *open)
{
	return open->touch();
}

extern "C" void parcel_close(parcel *open)
{
	delete open;
}
