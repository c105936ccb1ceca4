-- Keys that lead callers of a plain hotline on: {"prompt_id": … or null, "tries": 2, "timeout": 5,
-- "keys": [{"key": "1", "to": "queue", "id": …, "label": "售后"}]}. Null: nobody is asked for a key.

alter table hotlines add column menu jsonb check (jsonb_typeof(menu) = 'object');
