package io.aisle.batch.telemetry;

/**
 * What one step of a run used. The rows and bytes are those of tasks that succeeded; time and spills are those of every attempt.
 *
 * @param step as the job named it
 * @param seconds wall time on the driver, from this step's start to the next one's
 * @param tasks that ended, the failed ones included
 * @param failedTasks that ended without success: failed, lost, or killed (a slower copy, a cancelled stage)
 * @param runSeconds that executors ran tasks, added over tasks
 * @param cpuSeconds of CPU that the task threads took; threads that they started are not counted
 * @param gpuSeconds run seconds times the share of a GPU that each task had; 0 where Spark was asked for none
 * @param rowsRead from files and caches; a cache counts its batches
 * @param bytesRead from files and caches
 * @param rowsWritten to files
 * @param bytesWritten to files
 * @param shuffledBytes that were written for other stages to read
 * @param spilledBytes that did not fit in memory and went to the temporary directories, as stored
 */
public record StepUse(
        String step,
        double seconds,
        long tasks,
        long failedTasks,
        double runSeconds,
        double cpuSeconds,
        double gpuSeconds,
        long rowsRead,
        long bytesRead,
        long rowsWritten,
        long bytesWritten,
        long shuffledBytes,
        long spilledBytes) {

    /** Nothing used. */
    static StepUse none(String step) {
        return new StepUse(step, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Both together, under this one's name. */
    StepUse plus(StepUse other) {
        return new StepUse(
                step,
                seconds + other.seconds,
                tasks + other.tasks,
                failedTasks + other.failedTasks,
                runSeconds + other.runSeconds,
                cpuSeconds + other.cpuSeconds,
                gpuSeconds + other.gpuSeconds,
                rowsRead + other.rowsRead,
                bytesRead + other.bytesRead,
                rowsWritten + other.rowsWritten,
                bytesWritten + other.bytesWritten,
                shuffledBytes + other.shuffledBytes,
                spilledBytes + other.spilledBytes);
    }

    /** The same work, with wall time added. */
    StepUse plusSeconds(double more) {
        return new StepUse(
                step,
                seconds + more,
                tasks,
                failedTasks,
                runSeconds,
                cpuSeconds,
                gpuSeconds,
                rowsRead,
                bytesRead,
                rowsWritten,
                bytesWritten,
                shuffledBytes,
                spilledBytes);
    }
}
