package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import io.aisle.batch.sparknlp.SparkNlpPipeline;
import io.aisle.batch.storage.Directory;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.spark.ml.PipelineModel;

/**
 * The Spark NLP pipeline as a bundle holds it, for those who use Spark NLP by themselves. Its files are written by executors, so that on a
 * cluster it is saved beside the output first, where they and the driver meet. Nothing in Aisle reads it.
 */
final class SavedPipeline {
    /** Where a bundle keeps it. */
    static final String DIRECTORY = "spark-nlp";

    private SavedPipeline() {}

    /**
     * Saves into a bundle that is not finished yet.
     *
     * @param bundle a directory of the driver's
     * @param output where the bundle will go
     */
    static void save(JobContext context, PipelineModel pipeline, Path bundle, Directory output) {
        Path saved = bundle.resolve(DIRECTORY);
        if (context.spark().sparkContext().isLocal()) {
            SparkNlpPipeline.save(pipeline, saved);
            return;
        }
        Directory shared = output.parent().directory("." + output.name() + "-" + UUID.randomUUID());
        // S3: HADOOP-19309
        if (output.canRename() && SparkNlpPipeline.takes(shared.uri())) {
            try {
                SparkNlpPipeline.save(pipeline, shared);
                shared.copyTo(saved);
            } finally {
                shared.delete();
            }
        } else {
            context.say(
                    "left %s out of the bundle: Spark NLP cannot save to S3, nor to a path with spaces; no engine of Aisle needs it",
                    DIRECTORY);
        }
    }
}
