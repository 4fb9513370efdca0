-- user_email is now called email_address, everywhere.
ALTER TABLE users RENAME COLUMN user_email TO email_address;
