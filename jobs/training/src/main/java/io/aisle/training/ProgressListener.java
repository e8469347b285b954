package io.aisle.training;

/** Hears how a training goes. It is called on the training thread, between steps. */
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener SILENT = progress -> {};

    /** At most every few seconds, and after the last step of each epoch. */
    void progressed(Progress progress);

    /** Before the first step, where it goes on from a checkpoint that was taken after so many steps of an epoch. */
    default void resumed(int epoch, int step, int steps) {}

    /** After each epoch's validation. */
    default void epochEnded(EpochResult result) {}
}
