package io.aisle.batch.train;

import io.aisle.batch.JobContext;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.util.CollectionAccumulator;
import scala.Tuple4;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Says on the driver what a task says wherever it runs: while it runs by the heartbeats of its executor
 * (spark.executor.heartbeatInterval, 10 s), and at its end the rest.
 */
final class LinesFromTask extends SparkListener implements AutoCloseable {
    private final JobContext context;
    private final SparkContext spark;
    private final CollectionAccumulator<String> lines;
    private long task = -1;
    private int said;

    private LinesFromTask(JobContext context) {
        this.context = context;
        this.spark = context.spark().sparkContext();
        this.lines = spark.collectionAccumulator("training");
    }

    static LinesFromTask listen(JobContext context) {
        LinesFromTask listener = new LinesFromTask(context);
        listener.spark.addSparkListener(listener);
        return listener;
    }

    /** Where the task puts its lines. */
    CollectionAccumulator<String> lines() {
        return lines;
    }

    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
        Iterator<Tuple4<Object, Object, Object, Seq<AccumulableInfo>>> tasks =
                event.accumUpdates().iterator();
        while (tasks.hasNext()) {
            Tuple4<Object, Object, Object, Seq<AccumulableInfo>> update = tasks.next();
            Iterator<AccumulableInfo> values = update._4().iterator();
            while (values.hasNext()) {
                AccumulableInfo value = values.next();
                if (value.id() == lines.id() && value.update().isDefined()) {
                    say((Long) update._1(), (List<?>) value.update().get());
                }
            }
        }
    }

    /** Says what it did not say yet; a task that is tried again begins anew. */
    private synchronized void say(long ofTask, List<?> all) {
        if (ofTask > task) {
            task = ofTask;
            said = 0;
        }
        if (ofTask == task) {
            for (; said < all.size(); said++) {
                context.say("%s", all.get(said));
            }
        }
    }

    @Override
    public void close() {
        spark.removeSparkListener(this);
        synchronized (this) {
            say(task, lines.value());
        }
    }
}
