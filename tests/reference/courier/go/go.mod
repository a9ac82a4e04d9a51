module courier

go 1.19
