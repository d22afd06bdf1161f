-- Whoever holds a served version in memory (any API process) hears of what changes it.
CREATE FUNCTION notify_model_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('plumbline_models', to_jsonb(COALESCE(NEW, OLD)) ->> TG_ARGV[0]);
  RETURN NULL;
END $$;

CREATE TRIGGER model_change AFTER INSERT OR UPDATE OR DELETE ON "Model"
  FOR EACH ROW EXECUTE FUNCTION notify_model_change('name');
CREATE TRIGGER model_version_change AFTER UPDATE OR DELETE ON "ModelVersion"
  FOR EACH ROW EXECUTE FUNCTION notify_model_change('modelName');
CREATE TRIGGER threshold_profile_change AFTER UPDATE OR DELETE ON "ThresholdProfile"
  FOR EACH ROW EXECUTE FUNCTION notify_model_change('modelName');
