create table birds (name text primary key);
