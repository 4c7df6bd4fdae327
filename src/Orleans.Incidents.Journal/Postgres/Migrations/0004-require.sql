-- Ends the transaction where what a statement counts on does not hold: so a commit can be sent together with what must be true for it.
CREATE FUNCTION require(holds boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF holds IS NOT TRUE THEN
    RAISE EXCEPTION 'the log has moved on' USING ERRCODE = 'IN001';
  END IF;
END
$$;
