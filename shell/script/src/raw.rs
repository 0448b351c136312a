//! The one room with `unsafe`: a stack and metered memory for each embedded engine, two calls into QuickJS that its wrapper
//! has not, and what a Node.js child does before it is Node.js. A fiber is suspended from deep inside QuickJS (its interrupt handler) and resumed later as if nothing was.

#![expect(
    unsafe_code,
    reason = "suspending QuickJS in the middle of a call needs the fiber's handle inside a C callback; a child must be told before exec to die with us"
)]

use std::cell::Cell;
use std::io;
use std::mem::ManuallyDrop;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::ptr;
use std::rc::Rc;

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};
use nix::sys::signal::Signal;
use rquickjs::allocator::Allocator;
use rquickjs::{Ctx, TypedArray, qjs};

/// Why a fiber gives the thread back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pause {
    /// It has more to do.
    Busy,
    /// It waits for a message or a timer.
    Idle,
}

type Handle = Yielder<(), Pause>;

thread_local! {
    /// The handle of the fiber that runs on this thread at this moment; null outside of fibers.
    static CURRENT: Cell<*const Handle> = const { Cell::new(ptr::null()) };
}

/// A function that runs on a stack of its own, in pieces.
pub(crate) struct Fiber {
    coroutine: ManuallyDrop<Coroutine<(), Pause, ()>>,
}

impl Fiber {
    /// Nothing runs before the first [`Fiber::resume`].
    pub(crate) fn new(stack_bytes: usize, body: impl FnOnce() + 'static) -> io::Result<Self> {
        let stack = DefaultStack::new(stack_bytes)?;
        let coroutine = Coroutine::with_stack(stack, move |handle: &Handle, ()| {
            CURRENT.set(handle);
            body();
        });
        Ok(Self {
            coroutine: ManuallyDrop::new(coroutine),
        })
    }

    /// Runs until the body pauses or ends; `None` when it has ended.
    pub(crate) fn resume(&mut self) -> Option<Pause> {
        if self.coroutine.done() {
            return None;
        }
        let outer = CURRENT.replace(ptr::null());
        let result = self.coroutine.resume(());
        CURRENT.set(outer);
        match result {
            CoroutineResult::Yield(pause) => Some(pause),
            CoroutineResult::Return(()) => None,
        }
    }

    /// Whether the body has ended.
    pub(crate) fn is_done(&self) -> bool {
        self.coroutine.done()
    }
}

impl Drop for Fiber {
    fn drop(&mut self) {
        // A fiber that is suspended inside QuickJS must not be unwound through C frames: its stack is leaked instead. The engine
        // sees to it that this does not happen (it makes the script end first).
        if self.coroutine.done() || !self.coroutine.started() {
            // SAFETY: `coroutine` is not used afterwards, because `self` is being dropped.
            unsafe { ManuallyDrop::drop(&mut self.coroutine) };
        }
    }
}

/// Gives the thread back from inside a fiber; returns when the fiber is resumed. Outside of fibers it does nothing.
pub(crate) fn pause(why: Pause) {
    let handle = CURRENT.get();
    if handle.is_null() {
        return;
    }
    // SAFETY: CURRENT is set by a fiber's own body while it runs and cleared when it is suspended, so the handle is that of the
    // fiber whose stack we are on; it lives at the bottom of that stack for as long as the fiber does.
    unsafe { (*handle).suspend(why) };
    CURRENT.set(handle);
}

/// A copy of the bytes of an array; empty when its buffer is detached.
pub(crate) fn copy_of(array: &TypedArray<'_, u8>) -> Vec<u8> {
    // SAFETY: the slice is copied before anything else runs in the engine.
    unsafe { array.as_bytes() }
        .map(<[u8]>::to_vec)
        .unwrap_or_default()
}

/// What became of one waiting Promise job.
pub(crate) enum Job {
    /// There was none.
    None,
    /// It ran.
    Ran,
    /// It ended with an exception, which is left for `Ctx::catch`.
    Threw,
}

/// Runs one waiting Promise job. The wrapper's own call forgets the exception, and with it the stack of a runaway job.
pub(crate) fn run_job(ctx: &Ctx<'_>) -> Job {
    let mut where_it_ran = ptr::null_mut();
    // SAFETY: `ctx` is alive and its runtime is locked by us; the runtime has this one context only, so an exception is left in
    // `ctx` itself.
    let result = unsafe {
        let runtime = qjs::JS_GetRuntime(ctx.as_raw().as_ptr());
        qjs::JS_ExecutePendingJob(runtime, &raw mut where_it_ran)
    };
    match result {
        0 => Job::None,
        1.. => Job::Ran,
        ..0 => Job::Threw,
    }
}

/// The memory of one embedded script: what it has, what it may have, and whether it was refused more.
#[derive(Debug)]
pub(crate) struct Meter {
    used: Cell<usize>,
    pub(crate) limit: Cell<usize>,
    /// QuickJS out of memory often throws `null`, because it has no memory for an error: this tells it from the script's own null.
    pub(crate) denied: Cell<bool>,
}

impl Meter {
    pub(crate) fn new(limit: usize) -> Rc<Self> {
        Rc::new(Self {
            used: Cell::new(0),
            limit: Cell::new(limit),
            denied: Cell::new(false),
        })
    }

    pub(crate) fn used(&self) -> usize {
        self.used.get()
    }

    /// Whether there is room for so many bytes more.
    fn has_room(&self, bytes: usize) -> bool {
        let has = self.used.get().saturating_add(bytes) <= self.limit.get();
        if !has {
            self.denied.set(true);
        }
        has
    }

    fn take(&self, pointer: *mut u8) {
        // SAFETY: the pointer is null or comes from malloc.
        self.used
            .set(self.used.get() + unsafe { libc::malloc_usable_size(pointer.cast()) });
    }

    fn give(&self, pointer: *mut u8) {
        // SAFETY: the pointer is null or comes from malloc.
        let size = unsafe { libc::malloc_usable_size(pointer.cast()) };
        self.used.set(self.used.get().saturating_sub(size));
    }
}

/// The C library's memory, metered.
pub(crate) struct Metered(pub(crate) Rc<Meter>);

// SAFETY: all memory comes from the C library, whose alignment is that of the largest number; `usable_size` is its own answer.
unsafe impl Allocator for Metered {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        if !self.0.has_room(size) {
            return ptr::null_mut();
        }
        // SAFETY: malloc takes any size.
        let pointer = unsafe { libc::malloc(size) }.cast();
        self.0.take(pointer);
        pointer
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        if !self.0.has_room(count.saturating_mul(size)) {
            return ptr::null_mut();
        }
        // SAFETY: calloc takes any sizes.
        let pointer = unsafe { libc::calloc(count, size) }.cast();
        self.0.take(pointer);
        pointer
    }

    unsafe fn dealloc(&mut self, pointer: *mut u8) {
        self.0.give(pointer);
        // SAFETY: the caller says that the pointer comes from here.
        unsafe { libc::free(pointer.cast()) };
    }

    unsafe fn realloc(&mut self, pointer: *mut u8, size: usize) -> *mut u8 {
        // SAFETY: the pointer is null or comes from malloc.
        let before = unsafe { libc::malloc_usable_size(pointer.cast()) };
        if !self.0.has_room(size.saturating_sub(before)) {
            return ptr::null_mut();
        }
        // SAFETY: the caller says that the pointer comes from here.
        let moved: *mut u8 = unsafe { libc::realloc(pointer.cast(), size) }.cast();
        if !moved.is_null() || size == 0 {
            self.0.used.set(self.0.used.get().saturating_sub(before));
            self.0.take(moved);
        }
        moved
    }

    unsafe fn usable_size(pointer: *mut u8) -> usize {
        // SAFETY: the caller says that the pointer comes from here.
        unsafe { libc::malloc_usable_size(pointer.cast()) }
    }
}

/// Makes a child process die with the thread that starts it, even when its script never gives the event loop a turn.
pub(crate) fn die_with_us(command: &mut Command) {
    let parent = nix::unistd::getpid();
    let before_exec = move || {
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
        if nix::unistd::getppid() == parent {
            Ok(())
        } else {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    };
    // SAFETY: between fork and exec only async-signal-safe calls are allowed: prctl and getppid are, and nothing is allocated.
    unsafe { command.pre_exec(before_exec) };
}
