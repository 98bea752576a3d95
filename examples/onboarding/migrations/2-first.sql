insert into birds values ('robin'), ('wren');
