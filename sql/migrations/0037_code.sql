-- Programs are written in conversations, too: with a tool of their own, in a language that was chosen for them ('': the model's choice).
UPDATE tools SET status = 'live' WHERE tool_id = 'code-generation';
ALTER TABLE conversations ADD COLUMN tool_id text NOT NULL DEFAULT 'ai-chat' REFERENCES tools,
                          ADD COLUMN language text NOT NULL DEFAULT '';
