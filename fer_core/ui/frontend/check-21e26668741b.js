function e(n){return()=>{}}export{e as default};
