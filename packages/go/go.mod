module handleguard.example/handleguard

go 1.21
